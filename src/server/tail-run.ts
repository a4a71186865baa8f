import { join } from 'node:path'
import { plainFiles, type Stamp, stampOf, tagOf } from '../catalog/safe-read.ts'
import type { RecordEntry } from '../catalog/scan.ts'
import type { RunEvent } from '../record/events.ts'
import { RUN_FILES, readEvents, readManifest } from '../runs/run.ts'
import { hasEnded } from '../runs/summarize.ts'
import { pause, type ServerEvent } from './event-stream.ts'

/** How often a file is looked at, in milliseconds: soon enough for an eye. */
const PERIOD = 250

const stampsOf = ({ directory }: RecordEntry) =>
  Promise.all([stampOf(join(directory, RUN_FILES.manifest)), stampOf(join(directory, RUN_FILES.events))])

async function eventsOf(entry: RecordEntry): Promise<readonly RunEvent[]> {
  const files = plainFiles(entry)
  const { checksum } = await readManifest(files)
  return (await readEvents(files, checksum)).events
}

const idOf = (file: Stamp, count: number) => `${file.inode}-${count}`

/** The id of the last event of a run that has ended. */
export async function endOf(entry: RecordEntry): Promise<string | undefined> {
  const [, file] = await stampsOf(entry)
  const events = file && (await eventsOf(entry).catch(() => undefined))
  return events !== undefined && hasEnded(events) ? idOf(file!, events.length) : undefined
}

/**
 * A run's events, those that were written and those that come, until it has ended or is gone. An event's id is
 * `file-count`: whoever comes back with it gets what follows. When a run goes on from a checkpoint its events are written
 * anew: then `reset` says that what was told before is void, and all of them follow.
 */
export async function* tailRun(
  entry: RecordEntry,
  lastId: string | undefined,
  ended: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const [, oldFile, oldCount] = /^(\d+)-(\d+)$/.exec(lastId ?? '') ?? []
  let inode = oldFile === undefined ? undefined : Number(oldFile)
  let told = Number(oldCount ?? 0)
  let seen = ''
  while (!ended.aborted) {
    const [manifest, file] = await stampsOf(entry)
    if (manifest === undefined && file === undefined) {
      yield { type: 'removed', data: {} }
      return
    }
    const tag = tagOf(file)
    if (file !== undefined && tag !== seen) {
      const events = await eventsOf(entry)
      if (inode !== undefined && (inode !== file.inode || events.length < told)) {
        told = 0
        yield { type: 'reset', data: {} }
      }
      inode = file.inode
      for (; told < events.length; told++) {
        yield { type: events[told].type, data: events[told], id: idOf(file, told + 1) }
      }
      if (hasEnded(events)) return
      seen = tag
    }
    await pause(PERIOD, ended)
  }
}
