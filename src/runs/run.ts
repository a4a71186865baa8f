import { rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { shellQuoted } from '../base/shell.ts'
import type { NamedTensor } from '../model/network.ts'
import type { Fitted } from '../record/calibration.ts'
import { type TestRecord, testRecord } from '../record/evaluation.ts'
import { type RunEvent, runEvent } from '../record/events.ts'
import { appendLine, makeFresh, readNamed, writeWhole } from '../record/files.ts'
import { type Manifest, manifest } from '../record/manifest.ts'
import { decodeModelFile, type ModelFile } from '../record/model-file.ts'
import { parseJson } from '../record/read-json.ts'
import { filesIn, type RecordFiles } from '../record/record-files.ts'
import { decodeSafetensors } from '../record/safetensors.ts'
import { weightsFile } from '../record/weights.ts'

/** The names of the files in a run's directory. */
export const RUN_FILES = {
  manifest: 'manifest.json',
  events: 'events.jsonl',
  weights: 'weights.safetensors',
  /** The evaluation on the test split, once there was one, with the class predicted for each image. */
  test: 'test.json',
} as const

/** A run's directory while it is being written. */
export interface RunWriter {
  readonly directory: string
  append(event: RunEvent): Promise<void>
  /** Writes weights with what was fitted on validation, if anything was. */
  writeWeights(tensors: readonly NamedTensor[], fitted?: Fitted): Promise<void>
}

/** Begins a record in a directory that must not exist yet. */
export async function createRun(directory: string, record: Manifest): Promise<RunWriter> {
  await makeFresh(directory, 'Choose another --out, remove it, or resume it with --resume.')
  try {
    await writeWhole(join(directory, RUN_FILES.manifest), `${JSON.stringify(record, null, 2)}\n`)
  } catch (error) {
    await rmdir(directory)
    throw error
  }
  return writer(directory, record)
}

/**
 * Opens a record to go on with: its events after the given epoch (all, where it is 0) will happen again and are taken away.
 * Returns those that stay.
 */
export async function reopenRun(
  { directory, manifest, events }: RunRecord,
  epoch: number,
): Promise<{ readonly writer: RunWriter; readonly kept: readonly RunEvent[] }> {
  const happened = (event: RunEvent) =>
    event.type === 'started' ||
    ((event.type === 'epoch' || event.type === 'checkpoint') && event.epoch <= epoch)
  const kept = epoch === 0 ? [] : events.filter(happened)
  await writeWhole(
    join(directory, RUN_FILES.events),
    kept.map((event) => `${JSON.stringify(event)}\n`).join(''),
  )
  return { writer: writer(directory, manifest), kept }
}

function writer(directory: string, record: Manifest): RunWriter {
  const events = join(directory, RUN_FILES.events)
  return {
    directory,
    append: (event) => appendLine(events, JSON.stringify(event)),
    writeWeights: (tensors, fitted) =>
      writeWhole(join(directory, RUN_FILES.weights), weightsFile(tensors, record, fitted)),
  }
}

/** A run as it was recorded. */
export interface RunRecord {
  readonly directory: string
  readonly manifest: Manifest
  readonly events: readonly RunEvent[]
  /** What was mended on reading: a torn last line. */
  readonly warnings: readonly string[]
}

/** Reads a run's manifest. */
export async function readManifest(files: RecordFiles): Promise<Manifest> {
  const at = files.at(RUN_FILES.manifest)
  const text = await files.read(RUN_FILES.manifest, 'a run’s manifest', 'Is this the directory of a run?')
  const hint = 'The file was changed, or written by another version.'
  return parse(manifest, parseJson(text.toString(), at), at, hint)
}

/** Reads a run's events, and says what was mended on reading. */
export async function readEvents(files: RecordFiles): Promise<Pick<RunRecord, 'events' | 'warnings'>> {
  const text = await files.read(RUN_FILES.events, 'a run’s events')
  return parseEvents(text.toString(), files.at(RUN_FILES.events))
}

/** The events of a JSON-lines text. A last line without its end was torn by a crash: it is left out, with a warning. */
export function parseEvents(text: string, at: string): { events: RunEvent[]; warnings: string[] } {
  const lines = text.split('\n')
  const torn = lines.pop()
  const warnings = torn ? [`${at}: the last line is torn and was left out.`] : []
  const events = lines.map((line, i) => {
    const where = `${at}: line ${i + 1}`
    return parse(runEvent, parseJson(line, where), where)
  })
  return { events, warnings }
}

/** Reads a run's directory. */
export async function readRun(directory: string): Promise<RunRecord> {
  const found = await stat(directory).catch(() => undefined)
  if (!found?.isDirectory()) {
    throw new InputError({
      at: directory,
      expected: 'the directory of a run',
      received: found ? 'a file' : 'nothing there',
    })
  }
  const files = filesIn(directory)
  return { directory, manifest: await readManifest(files), ...(await readEvents(files)) }
}

/** Reads a run's best weights. */
export async function readWeights(directory: string): Promise<readonly NamedTensor[]> {
  const path = join(directory, RUN_FILES.weights)
  const hint = 'A run keeps its weights when it ends, unless it fails.'
  return decodeSafetensors(await readNamed(path, 'a run’s weights', hint), path).tensors
}

/** Reads a classifier from a run's directory or from a weights file. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const isRun = (await stat(path).catch(() => undefined))?.isDirectory()
  const file = isRun ? join(path, RUN_FILES.weights) : path
  const hint = isRun
    ? 'A run keeps its weights when it ends, unless it fails.'
    : 'Name a run’s directory or a .safetensors file.'
  return decodeModelFile(await readNamed(file, isRun ? 'a run’s weights' : 'a weights file', hint), file)
}

/** Reads a run's evaluation on the test split with the class predicted for each image; throws where there was none. */
export async function readEvaluation(files: RecordFiles): Promise<TestRecord> {
  const at = files.at(RUN_FILES.test)
  const hint = `Write it again: atelier evaluate ${shellQuoted(dirname(at))}`
  const text = (await files.read(RUN_FILES.test, 'an evaluation', hint)).toString()
  return parse(testRecord, parseJson(text, at, hint), at, hint)
}

/** Reads a run's evaluation on the test split; undefined where there was none. */
export async function readTest(directory: string): Promise<TestRecord | undefined> {
  const files = filesIn(directory)
  return (await files.modified(RUN_FILES.test)) === undefined ? undefined : readEvaluation(files)
}
