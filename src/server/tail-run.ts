import { join } from 'node:path'
import { parse } from '../base/parse.ts'
import { plainFiles, readPlain, stampOf } from '../catalog/safe-read.ts'
import type { RecordEntry } from '../catalog/scan.ts'
import { runEvent } from '../record/events.ts'
import { parseJson } from '../record/read-json.ts'
import { RUN_FILES, readEvents } from '../runs/run.ts'
import { hasEnded } from '../runs/summarize.ts'
import { pause, type ServerEvent } from './event-stream.ts'

/** How often a file is looked at, in milliseconds: soon enough for an eye. */
const PERIOD = 250

/** The id of the last event of a run that has ended. */
export async function endOf(entry: RecordEntry): Promise<string | undefined> {
  const stamp = await stampOf(join(entry.directory, RUN_FILES.events))
  const read = stamp && (await readEvents(plainFiles(entry)).catch(() => undefined))
  const last = read?.events.at(-1)
  return last !== undefined && hasEnded([last]) ? `${stamp?.inode}-${stamp?.bytes}` : undefined
}

/**
 * A run's events, those that were written and those that come, until it has ended or is gone. An event's id is
 * `file-bytes`: whoever comes back with it gets what follows. When a run goes on from a checkpoint its events are written
 * anew: then `reset` says that what was told before is void, and all of them follow.
 */
export async function* tailRun(
  { directory, path }: RecordEntry,
  lastId: string | undefined,
  ended: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const file = join(directory, RUN_FILES.events)
  const at = `${path}/${RUN_FILES.events}`
  const [, oldFile, oldBytes] = /^(\d+)-(\d+)$/.exec(lastId ?? '') ?? []
  let inode = oldFile === undefined ? undefined : Number(oldFile)
  let position = Number(oldBytes ?? 0)
  while (!ended.aborted) {
    const stamp = await stampOf(file)
    if (stamp === undefined && (await stampOf(join(directory, RUN_FILES.manifest))) === undefined) {
      yield { type: 'removed', data: {} }
      return
    }
    if (stamp !== undefined) {
      const isOther = inode !== undefined && (inode !== stamp.inode || stamp.bytes < position)
      if (isOther) {
        position = 0
        yield { type: 'reset', data: {} }
      }
      inode = stamp.inode
      if (stamp.bytes > position) {
        const bytes = await readPlain(file, at, position)
        const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1)
        let from = 0
        for (let to = whole.indexOf(0x0a); to >= 0; to = whole.indexOf(0x0a, from)) {
          const event = parse(runEvent, parseJson(whole.toString('utf8', from, to), at), at)
          position += to + 1 - from
          from = to + 1
          yield { type: event.type, data: event, id: `${inode}-${position}` }
          if (hasEnded([event]) && from === whole.length) return
        }
      }
    }
    await pause(PERIOD, ended)
  }
}
