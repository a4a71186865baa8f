import type { RecordIndex } from '../catalog/record-index.ts'
import { pause, type ServerEvent } from './event-stream.ts'

const PERIOD = 1000

/**
 * What changes in the record index: `run`, `search` and `study` with the new row of each that is new or not as it was,
 * `removed` with kind and id. One stream for all of them: a browser opens six connections to a server and no more.
 */
export async function* tailRecordIndex(
  recordIndex: RecordIndex,
  ended: AbortSignal,
): AsyncGenerator<ServerEvent> {
  let known = new Map<string, string>()
  let version = -1
  let isFirst = true
  while (!ended.aborted) {
    const contents = await recordIndex.contents()
    if (contents.version !== version) {
      version = contents.version
      const rows = [
        ...contents.runs.map((row) => ['run', row] as const),
        ...contents.searches.map((row) => ['search', row] as const),
        ...contents.studies.map((row) => ['study', row] as const),
      ]
      const now = new Map(rows.map(([kind, row]) => [`${kind} ${row.id}`, JSON.stringify(row)]))
      if (isFirst) yield { type: 'contents', data: { version, rows: rows.length } }
      else {
        for (const [kind, row] of rows) {
          const name = `${kind} ${row.id}`
          if (known.get(name) !== now.get(name)) yield { type: kind, data: row }
        }
        for (const name of known.keys()) {
          const [kind, id] = name.split(' ')
          if (!now.has(name)) yield { type: 'removed', data: { kind, id } }
        }
      }
      known = now
      isFirst = false
    }
    await pause(PERIOD, ended)
  }
}
