import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { pause } from '../base/pause.ts'
import { shellQuoted } from '../base/shell.ts'
import type { NamedTensor } from '../model/network.ts'
import type { Fitted } from '../record/calibration.ts'
import { checkOfRun, damaged, decodeRecord, recordFile } from '../record/checksum.ts'
import { type TestRecord, testRecord } from '../record/evaluation.ts'
import { type RunEvent, runEvent } from '../record/events.ts'
import { appendLine, makeFresh, readNamed, writeWhole } from '../record/files.ts'
import { decodeLines, encodeLine, encodeLines } from '../record/lines.ts'
import { type Lock, takeLock } from '../record/lock.ts'
import { type Manifest, manifest } from '../record/manifest.ts'
import { decodeModelFile, type ModelFile } from '../record/model-file.ts'
import { filesIn, type RecordFiles } from '../record/record-files.ts'
import { hashWeights, weightsFile } from '../record/weights.ts'
import { summarize } from './summarize.ts'

/** The names of the files in a run's directory. */
export const RUN_FILES = {
  manifest: 'manifest.json',
  events: 'events.jsonl',
  weights: 'weights.safetensors',
  /** The evaluation on the test split, once there was one, with the class predicted for each image. */
  test: 'test.json',
  /** There while a process writes the run. */
  lock: 'run.lock',
} as const

/** A run's directory while it is being written, by one process. */
export interface RunWriter {
  readonly directory: string
  /** Of the manifest: the run's other files name it. Undefined in a run of version 1. */
  readonly checksum: string | undefined
  append(event: RunEvent): Promise<void>
  /** Writes weights with what was fitted on validation, if anything was. */
  writeWeights(tensors: readonly NamedTensor[], fitted?: Fitted): Promise<void>
  /** Lets others write there. */
  close(): void
}

/** Begins a record in a directory that must not exist yet. */
export async function createRun(directory: string, record: Manifest): Promise<RunWriter> {
  await makeFresh(directory, 'Choose another --out, remove it, or resume it with --resume.')
  let lock: Lock | undefined
  try {
    lock = await lockRun(directory)
    const { file, checksum } = recordFile(record, 2)
    // The manifest comes last: where there is one, all of a record is there.
    await writeWhole(join(directory, RUN_FILES.events), '')
    await writeWhole(join(directory, RUN_FILES.manifest), file)
    return writer({ directory, manifest: record, checksum }, { last: checksum, close: lock.release })
  } catch (error) {
    lock?.release()
    await rm(directory, { recursive: true })
    throw error
  }
}

const lockRun = (directory: string) => takeLock(join(directory, RUN_FILES.lock), 'a run')

/** A record that is gone on with: what it held when others could no longer write it. */
export interface ReopenedRun {
  readonly run: RunRecord
  /** Takes away the events that will happen again; those that are kept, or were lost with a kill, are given. */
  begin(kept: readonly RunEvent[]): Promise<RunWriter>
  close(): void
}

/** Opens a record to go on with; throws an InputError where somebody is running it. */
export async function reopenRun(directory: string): Promise<ReopenedRun> {
  await checkDirectory(directory)
  const lock = await lockRun(directory)
  try {
    const run = await readRun(directory)
    return {
      run,
      close: lock.release,
      async begin(kept) {
        const { text, checksum: last } = encodeLines(kept, run.checksum)
        await writeWhole(join(directory, RUN_FILES.events), text)
        return writer(run, { last, close: lock.release })
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

type Identified = Pick<RunRecord, 'directory' | 'manifest' | 'checksum'>

function writer(
  { directory, manifest, checksum }: Identified,
  { last, close }: { readonly last: string | undefined; readonly close: () => void },
): RunWriter {
  const events = join(directory, RUN_FILES.events)
  let before = last
  return {
    directory,
    checksum,
    close,
    async append(event) {
      const next = encodeLine(event, before)
      await appendLine(events, next.line)
      before = next.checksum
    },
    writeWeights: (tensors, fitted) =>
      writeWhole(
        join(directory, RUN_FILES.weights),
        weightsFile(tensors, { ...manifest, run: checksum }, fitted),
      ),
  }
}

/** A run as it is recorded. */
export interface StoredRun {
  readonly directory: string
  readonly manifest: Manifest
  /** Of the manifest: the run's other files name it. Undefined in a record of version 1, whose files have none. */
  readonly checksum: string | undefined
  readonly events: readonly RunEvent[]
}

/** A run as it was read. */
export interface RunRecord extends StoredRun {
  /** What was mended on reading: a torn last line. */
  readonly warnings: readonly string[]
}

/** Reads a run's manifest. */
export async function readManifest(files: RecordFiles): Promise<Pick<RunRecord, 'manifest' | 'checksum'>> {
  const at = files.at(RUN_FILES.manifest)
  const bytes = await files.read(RUN_FILES.manifest, 'a run’s manifest', 'Is this the directory of a run?')
  const { value, checksum } = decodeRecord(bytes, at)
  const hint = 'The file was changed, or written by another version.'
  return { manifest: parse(manifest, value, at, hint), checksum }
}

/** Reads a run's events, and says what was mended on reading; `checksum` is that of its manifest. */
export async function readEvents(
  files: RecordFiles,
  checksum: string | undefined,
): Promise<Pick<RunRecord, 'events' | 'warnings'>> {
  const bytes = await files.read(RUN_FILES.events, 'a run’s events')
  const lines = decodeLines(bytes, files.at(RUN_FILES.events), checksum)
  const events: RunEvent[] = []
  let next = lines.next()
  for (; !next.done; next = lines.next()) {
    events.push(parse(runEvent, next.value.value, next.value.at))
    await pause()
  }
  return { events, warnings: next.value }
}

/** Reads a run's directory. */
export async function readRun(directory: string): Promise<RunRecord> {
  await checkDirectory(directory)
  const files = filesIn(directory)
  const { manifest, checksum } = await readManifest(files)
  return { directory, manifest, checksum, ...(await readEvents(files, checksum)) }
}

async function checkDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return
  const received = found ? 'a file' : 'nothing there'
  throw new InputError({ at: directory, expected: 'the directory of a run', received })
}

/** Reads a run's best weights; throws an InputError where they are not those that its record says. */
export async function readWeights(run: StoredRun): Promise<ModelFile> {
  const file = join(run.directory, RUN_FILES.weights)
  const hint = 'A run keeps its weights when it ends, unless it fails.'
  const model = decodeModelFile(await readNamed(file, 'a run’s weights', { hint }), file)
  checkOfRun(model.metadata, run.checksum, file)
  const { weightsHash } = summarize(run.events)
  if (weightsHash !== undefined && hashWeights(model.tensors) !== weightsHash) {
    throw damaged(file, 'other weights than the run’s record says')
  }
  return model
}

/** Reads a classifier from a run's directory or from a weights file. */
export async function readModelFile(path: string): Promise<ModelFile> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return readWeights(await readRun(path))
  const hint = 'Name a run’s directory or a .safetensors file.'
  return decodeModelFile(await readNamed(path, 'a weights file', { hint }), path)
}

/**
 * Reads a run's evaluation on the test split with the class predicted for each image; throws where there was none.
 * `checksum` is that of its manifest.
 */
export async function readEvaluation(files: RecordFiles, checksum: string | undefined): Promise<TestRecord> {
  const at = files.at(RUN_FILES.test)
  const hint = `Write it again: atelier evaluate ${shellQuoted(dirname(at))}`
  const { value } = decodeRecord(await files.read(RUN_FILES.test, 'an evaluation', hint), at, hint)
  const test = parse(testRecord, value, at, hint)
  checkOfRun(test, checksum, at)
  return test
}

/** Reads a run's evaluation on the test split; undefined where there was none. */
export async function readTest({
  directory,
  checksum,
}: Pick<StoredRun, 'directory' | 'checksum'>): Promise<TestRecord | undefined> {
  const files = filesIn(directory)
  if ((await files.modified(RUN_FILES.test)) === undefined) return undefined
  return readEvaluation(files, checksum)
}
