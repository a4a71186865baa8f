import { join } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../base/hash.ts'
import { parse } from '../base/parse.ts'
import { evaluationRecord } from '../record/evaluation.ts'
import type { EpochEvent, RunEvent } from '../record/events.ts'
import {
  dataRecord,
  engineRecord,
  type Manifest,
  manifest as manifestSchema,
  settingsRecord,
} from '../record/manifest.ts'
import { parseJson } from '../record/read-json.ts'
import { parseEvents, RUN_FILES } from '../runs/run.ts'
import { type RunSummary, summarize } from '../runs/summarize.ts'
import { readPlain, type Stamp, stampOf, tagOf } from './safe-read.ts'
import type { Place } from './scan.ts'

const count = z.number().int().nonnegative()
const figure = z.number().nullable()

/** Where a record lies. */
export const placeRow = z.object({
  id: z.string(),
  path: z.string(),
  within: z.object({ kind: z.enum(['run', 'search', 'study']), id: z.string() }).nullable(),
})

/** One run in a list: enough for a table, for filters and for the differences of settings. */
export const runRow = placeRow.extend({
  name: z.string(),
  /** `silent`: neither ended nor heard of for a while; it was killed, or its machine is gone. */
  status: z.enum(['running', 'silent', 'interrupted', 'finished', 'failed', 'corrupt']),
  /** What is wrong with the record, or why the run failed. */
  error: z.string().nullable(),
  /** ISO 8601. */
  createdAt: z.string().nullable(),
  updatedAt: z.string(),
  model: z.string().nullable(),
  parameters: count.nullable(),
  /** Tells networks apart whose names and sizes are the same: a hash of the layers and their options. */
  layers: z.string().nullable(),
  data: dataRecord.omit({ classNames: true, split: true }).extend({ split: z.string() }).nullable(),
  settings: settingsRecord.nullable(),
  engine: engineRecord.nullable(),
  /** Epochs that are done. */
  epoch: count,
  /** Epochs that were asked for. */
  epochs: count,
  bestEpoch: count.nullable(),
  /** Of the best epoch. */
  loss: figure,
  accuracy: figure,
  valLoss: figure,
  valAccuracy: figure,
  seconds: z.number(),
  imagesPerSecond: figure,
  weightsHash: z.string().nullable(),
  /** On the test images, where the run was evaluated. */
  test: z.object({ loss: z.number(), accuracy: z.number(), count }).nullable(),
  warnings: z.array(z.string()),
})
export type RunRow = z.infer<typeof runRow>

const column = z.array(figure)

/** A run's epochs, a column a figure: [epochs] each. */
export const curves = z.object({
  epoch: z.array(count),
  loss: column,
  accuracy: column,
  valLoss: column,
  valAccuracy: column,
  learningRate: column,
  seconds: column,
})
export type Curves = z.infer<typeof curves>

/** A run as far as its files tell. */
export interface ReadRun {
  readonly tag: string
  readonly row: RunRow
  readonly curves: Curves
}

/** A run's evaluation on the test images, with the class given to each: [images]. */
export const testRecord = evaluationRecord.extend({
  dataHash: z.string().optional(),
  predicted: z.array(count).optional(),
})
export type TestRecord = z.infer<typeof testRecord>

/** A manifest, its file read without following links. */
export async function readManifest({ directory, path }: Place): Promise<Manifest> {
  const at = `${path}/${RUN_FILES.manifest}`
  const text = (await readPlain(join(directory, RUN_FILES.manifest), at)).toString()
  return parse(manifestSchema, parseJson(text, at), at)
}

/** A run's events and what was mended on reading. */
export async function readEvents({ directory, path }: Place) {
  const at = `${path}/${RUN_FILES.events}`
  return parseEvents((await readPlain(join(directory, RUN_FILES.events), at)).toString(), at)
}

/** A run's evaluation on the test images. */
export async function readTest({ directory, path }: Place): Promise<TestRecord> {
  const at = `${path}/${RUN_FILES.test}`
  const text = (await readPlain(join(directory, RUN_FILES.test), at)).toString()
  return parse(testRecord, parseJson(text, at), at)
}

/** A run is given up for lost when it is silent for this long, or for three of its epochs. */
const SILENCE = 60_000

function statusOf({ status, history }: RunSummary, modified: number): RunRow['status'] {
  if (status !== 'running') return status
  const patience = Math.max(SILENCE, 3000 * Math.max(0, ...history.map(({ seconds }) => seconds)))
  return Date.now() - modified < patience ? 'running' : 'silent'
}

const noCurves = (): Curves => ({
  epoch: [],
  loss: [],
  accuracy: [],
  valLoss: [],
  valAccuracy: [],
  learningRate: [],
  seconds: [],
})

function curvesOf(epochs: readonly EpochEvent[]): Curves {
  const found = noCurves()
  for (const event of epochs) {
    for (const name of Object.keys(found) as (keyof Curves)[]) found[name].push(event[name] as number)
  }
  return found
}

const shortHash = (text: string) => sha256Hex(new TextEncoder().encode(text)).slice(0, 12)

function rowOf(
  place: Place,
  record: Manifest,
  { events, warnings }: { events: readonly RunEvent[]; warnings: string[] },
  modified: number,
): RunRow {
  const summary = summarize(events)
  const { best, epoch, seconds } = summary
  const { classNames, split, ...data } = record.data
  return {
    ...blankRow(place, modified),
    name: record.name,
    status: statusOf(summary, modified),
    error: summary.failure?.message ?? null,
    createdAt: record.createdAt,
    model: record.model.name,
    parameters: record.parameters,
    layers: shortHash(JSON.stringify([record.model.nodes, record.model.output])),
    data: { ...data, split: split.hash.slice(0, 12) },
    settings: record.settings,
    engine: record.engine,
    epoch,
    epochs: record.settings.epochs,
    bestEpoch: best?.epoch ?? null,
    loss: best?.loss ?? null,
    accuracy: best?.accuracy ?? null,
    valLoss: best?.valLoss ?? null,
    valAccuracy: best?.valAccuracy ?? null,
    seconds,
    imagesPerSecond: summary.imagesPerSecond ?? null,
    weightsHash: summary.weightsHash ?? null,
    warnings,
  }
}

/** What a place alone tells of a record; its name is the directory's. */
export const columnsOf = ({ id, path, within }: Place) => ({
  id,
  path,
  within,
  name: path.split('/').at(-1) as string,
})

/** A row of which nothing is known but its place. */
const blankRow = (place: Place, modified: number): RunRow => ({
  ...columnsOf(place),
  status: 'corrupt',
  error: null,
  createdAt: null,
  updatedAt: new Date(modified).toISOString(),
  model: null,
  parameters: null,
  layers: null,
  data: null,
  settings: null,
  engine: null,
  epoch: 0,
  epochs: 0,
  bestEpoch: null,
  loss: null,
  accuracy: null,
  valLoss: null,
  valAccuracy: null,
  seconds: 0,
  imagesPerSecond: null,
  weightsHash: null,
  test: null,
  warnings: [],
})

async function readRow(
  place: Place,
  test: Stamp | undefined,
  modified: number,
): Promise<Omit<ReadRun, 'tag'>> {
  const record = await readManifest(place)
  try {
    // A run that has just begun has a manifest and no event yet.
    const hasEvents = (await stampOf(join(place.directory, RUN_FILES.events))) !== undefined
    const read = hasEvents ? await readEvents(place) : { events: [], warnings: [] }
    const row = rowOf(place, record, read, modified)
    return { row: await withTest(place, row, test), curves: curvesOf(summarize(read.events).history) }
  } catch (error) {
    const row = rowOf(place, record, { events: [], warnings: [] }, modified)
    return { row: { ...row, status: 'corrupt', error: (error as Error).message }, curves: noCurves() }
  }
}

async function withTest(place: Place, row: RunRow, test: Stamp | undefined): Promise<RunRow> {
  if (test === undefined) return row
  try {
    const { loss, accuracy, count } = await readTest(place)
    return { ...row, test: { loss, accuracy, count } }
  } catch (error) {
    return { ...row, warnings: [...row.warnings, (error as Error).message] }
  }
}

/** Reads a run where it changed since `known`; a record that cannot be read is a row that says why. */
export async function readRun(place: Place, known: ReadRun | undefined): Promise<ReadRun> {
  const file = (name: string) => stampOf(join(place.directory, name))
  const [manifest, events, test] = await Promise.all([
    file(RUN_FILES.manifest),
    file(RUN_FILES.events),
    file(RUN_FILES.test),
  ])
  const tag = tagOf(manifest, events, test)
  if (known?.tag === tag && known.row.status !== 'running') return known
  const modified = Math.max(manifest?.modified ?? 0, events?.modified ?? 0)
  if (known?.tag === tag && Date.now() - modified < SILENCE) return known
  try {
    return { tag, ...(await readRow(place, test, modified)) }
  } catch (error) {
    return { tag, row: { ...blankRow(place, modified), error: (error as Error).message }, curves: noCurves() }
  }
}
