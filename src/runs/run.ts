import { rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import type { NamedTensor } from '../model/network.ts'
import type { Fitted } from '../record/calibration.ts'
import { type RunEvent, runEvent } from '../record/events.ts'
import { appendLine, exists, makeFresh, readNamed, writeWhole } from '../record/files.ts'
import { type Manifest, manifest } from '../record/manifest.ts'
import { decodeModelFile, type ModelFile } from '../record/model-file.ts'
import { parseJson } from '../record/read-json.ts'
import { decodeSafetensors } from '../record/safetensors.ts'
import { type EvaluationRecord, evaluationRecord, type PredictionsRecord, predictionsRecord } from '../record/evaluation.ts'
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
  await makeFresh(directory, 'Choose another --out, remove it, or go on with --resume.')
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

async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, RUN_FILES.manifest)
  const text = (await readNamed(path, 'a run’s manifest', 'Is this the directory of a run?')).toString()
  return parse(manifest, parseJson(text, path), path, 'The file was changed, or written by another version.')
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
  const record = await readManifest(directory)
  const path = join(directory, RUN_FILES.events)
  const text = (await readNamed(path, 'a run’s events')).toString()
  return { directory, manifest: record, ...parseEvents(text, path) }
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

/** Reads a run's evaluation on the test split with the class predicted for each image; undefined where there was none. */
export async function readTest(
  directory: string,
): Promise<(EvaluationRecord & PredictionsRecord) | undefined> {
  const path = join(directory, RUN_FILES.test)
  if (!(await exists(path))) return undefined
  const hint = `Write it anew: atelier evaluate ${directory}`
  const text = (await readNamed(path, 'an evaluation', hint)).toString()
  return parse(testRecord, parseJson(text, path, hint), path, hint)
}

const testRecord = evaluationRecord.extend(predictionsRecord.shape)
