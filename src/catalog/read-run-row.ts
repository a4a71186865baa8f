import { join } from 'node:path'
import { greatest } from '../base/extremes.ts'
import { sha256Hex } from '../base/hash.ts'
import type { EpochEvent } from '../record/events.ts'
import type { Manifest } from '../record/manifest.ts'
import type { RecordFiles } from '../record/record-files.ts'
import { RUN_FILES, type RunRecord, readEvaluation, readEvents, readManifest } from '../runs/run.ts'
import { type RunSummary, summarize } from '../runs/summarize.ts'
import type { Curves, RunRow } from './run-row.ts'
import { plainFiles, type Stamp, stampOf, tagOf } from './safe-read.ts'
import { columnsOf, type RecordEntry } from './scan.ts'

/** A run as far as its files tell. */
export interface ReadRun {
  readonly tag: string
  readonly row: RunRow
  readonly curves: Curves
}

/** A run is given up for lost when it is silent for this long, or for three of its epochs. */
const SILENCE = 60_000

function statusOf({ status, history }: RunSummary, modified: number): RunRow['status'] {
  if (status !== 'running') return status
  const patience = Math.max(SILENCE, 3000 * greatest(history.map(({ seconds }) => seconds)))
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
  entry: RecordEntry,
  record: Manifest,
  { events, warnings }: Pick<RunRecord, 'events' | 'warnings'>,
  modified: number,
): RunRow {
  const summary = summarize(events)
  const { best, epoch, seconds } = summary
  const { classNames, split, ...data } = record.data
  return {
    ...blankRow(entry, modified),
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
    warnings: [...warnings],
  }
}

/** A row of which nothing is known but where it lies. */
const blankRow = (entry: RecordEntry, modified: number): RunRow => ({
  ...columnsOf(entry),
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
  entry: RecordEntry,
  test: Stamp | undefined,
  modified: number,
): Promise<Omit<ReadRun, 'tag'>> {
  const files = plainFiles(entry)
  const { manifest: record, checksum } = await readManifest(files)
  try {
    // A run that has just begun has a manifest and no event yet.
    const hasEvents = (await files.modified(RUN_FILES.events)) !== undefined
    const read = hasEvents ? await readEvents(files, checksum) : { events: [], warnings: [] }
    const row = rowOf(entry, record, read, modified)
    const tested = test === undefined ? row : await withTest(row, files, checksum)
    return { row: tested, curves: curvesOf(summarize(read.events).history) }
  } catch (error) {
    const row = rowOf(entry, record, { events: [], warnings: [] }, modified)
    return { row: { ...row, status: 'corrupt', error: (error as Error).message }, curves: noCurves() }
  }
}

async function withTest(row: RunRow, files: RecordFiles, checksum: string | undefined): Promise<RunRow> {
  try {
    const { loss, accuracy, count } = await readEvaluation(files, checksum)
    return { ...row, test: { loss, accuracy, count } }
  } catch (error) {
    return { ...row, warnings: [...row.warnings, (error as Error).message] }
  }
}

/** Reads a run where it changed since `known`; a record that cannot be read is a row that says why. */
export async function readRun(entry: RecordEntry, known: ReadRun | undefined): Promise<ReadRun> {
  const file = (name: string) => stampOf(join(entry.directory, name))
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
    return { tag, ...(await readRow(entry, test, modified)) }
  } catch (error) {
    return { tag, row: { ...blankRow(entry, modified), error: (error as Error).message }, curves: noCurves() }
  }
}
