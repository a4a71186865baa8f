import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { type SplitOptions, split } from '../data/split.ts'
import type { Engine, EngineSpec } from '../engine/backend.ts'
import { chooseBackend } from '../engine/choose.ts'
import { countParameters } from '../model/summary.ts'
import { CHECKPOINT_FILE } from '../record/checkpoint.ts'
import type { EpochEvent } from '../record/events.ts'
import { sizesOf } from '../record/split-dataset.ts'
import { begunRun } from '../runs/begun-run.ts'
import { type RunRequest, recordRun, resumeRun, type SplitDataset } from '../runs/recorded-run.ts'
import { type RunSummary, summarize } from '../runs/summarize.ts'
import type { Attributes, Json } from '../tuning/journal/operations.ts'
import type { Objective, Outcome, TrialContext, Verdict } from '../tuning/pool/pool.ts'
import { builtOf, readSearch } from './read-search.ts'
import { figureOf, settingsOf, type TrialSettings } from './settings.ts'

/** What a worker is told once: where the space and the data are, how to train, and where the runs go. */
export interface ObjectiveArgument extends TrialSettings, Pick<EngineSpec, 'backend' | 'arithmetic'> {
  /** A ready space's name or a file. */
  readonly space: string
  readonly source: string
  readonly dataHash: string
  readonly split: SplitOptions
  /** The search's directory. */
  readonly directory: string
  readonly command: string
}

/** The directory of a trial, and of one of its trainings where there are several. */
export function trialDirectory(number: number, repeats: number, repeat = 0): string {
  const trial = join('trials', String(number).padStart(4, '0'))
  return repeats === 1 ? trial : join(trial, `seed-${repeat + 1}`)
}

/** Opens the trial function of a search over networks: the default export that worker processes call. */
export default async function openObjective(argument: Json): Promise<Objective> {
  const told = argument as unknown as ObjectiveArgument
  const { build } = await readSearch(told.space)
  const dataset = await loadDataset(parseSource(told.source), {})
  if (dataset.hash !== told.dataHash) {
    throw new InputError({
      at: `data ${told.source}`,
      expected: 'the same content as before',
      received: 'another',
    })
  }
  const data: SplitDataset = { dataset, split: split(dataset.train, told.split), splitOptions: told.split }
  const sizes = sizesOf(dataset)
  const engine = chooseBackend({ backend: told.backend, arithmetic: told.arithmetic, threads: 1 })
  return async (point, trial) => runTrial(told, data, engine, builtOf(build(point, sizes)), trial)
}

/** One training of a trial: how it ended, and what it came to. */
interface Trained {
  readonly status: 'finished' | 'pruned' | 'interrupted' | 'diverged'
  readonly summary: RunSummary
}

async function runTrial(
  told: ObjectiveArgument,
  data: SplitDataset,
  engine: Engine,
  setup: ReturnType<Awaited<ReturnType<typeof readSearch>>['build']>,
  trial: TrialContext,
): Promise<Outcome> {
  const trainings: Trained[] = []
  for (let repeat = 0; repeat < told.repeats; repeat++) {
    const directory = join(told.directory, trialDirectory(trial.number, told.repeats, repeat))
    const request: RunRequest = {
      directory,
      name: `trial ${trial.number}`,
      command: told.command,
      data,
      model: setup.model,
      settings: settingsOf(setup, told, repeat),
      engine,
      calibrate: false,
    }
    // Only the first training is judged while it runs; the others follow where it came through.
    const trained = await trainOnce(
      request,
      told,
      repeat === 0 ? trial : { ...trial, report: async () => 'continue' },
    )
    if (trained.status === 'interrupted') return { type: 'interrupted' }
    trainings.push(trained)
    if (trained.status !== 'finished') break
  }
  const { status, summary } = trainings.at(-1)!
  const attributes = { ...attributesOf(told, trainings), parameters: countParameters(setup.model) }
  if (status === 'pruned') return { type: 'pruned', attributes }
  if (status === 'diverged') {
    const message = summary.failure?.message ?? 'It diverged.'
    return { type: 'failed', reason: 'diverged', message, attributes }
  }
  const values = trainings.map((training) => valueIn(told, training.summary.best))
  return { type: 'complete', value: mean(values), attributes }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

const valueIn = ({ metric }: TrialSettings, epoch: EpochEvent | undefined): number =>
  figureOf(metric, epoch && { loss: epoch.valLoss, accuracy: epoch.valAccuracy })

/** What the results show of a trial: figures of the kept epoch, means where there are several trainings. */
function attributesOf(told: TrialSettings, trainings: readonly Trained[]): Attributes {
  const summaries = trainings.map(({ summary }) => summary)
  const best = summaries.flatMap((summary) => summary.best ?? [])
  const weightsHash = summaries.find((summary) => summary.weightsHash !== undefined)?.weightsHash
  const figure = (name: string, of: 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy') => {
    const values = best.flatMap((epoch) => epoch[of] ?? [])
    return values.length === trainings.length ? { [name]: mean(values) } : {}
  }
  return {
    ...figure('loss', 'loss'),
    ...figure('acc', 'accuracy'),
    ...figure('val_loss', 'valLoss'),
    ...figure('val_acc', 'valAccuracy'),
    round_epochs: sum(summaries.map(({ history }) => history.length)),
    ...(best.length > 0 ? { best_epoch: best[0].epoch } : {}),
    seconds: sum(summaries.map(({ seconds }) => seconds)),
    ...(weightsHash === undefined ? {} : { weights_hash: weightsHash }),
    ...(told.repeats > 1 ? { repeats: best.map((epoch) => valueIn(told, epoch)) } : {}),
  }
}

/** Trains once, from where a cut training was where there is one, and reports every epoch. */
async function trainOnce(request: RunRequest, told: TrialSettings, trial: TrialContext): Promise<Trained> {
  const controller = new AbortController()
  const forward = () => controller.abort()
  trial.signal.addEventListener('abort', forward)
  if (trial.signal.aborted) controller.abort()
  try {
    const trained = await train({ ...request, signal: controller.signal }, told, trial, controller)
    if (trained.status !== 'interrupted') await rm(join(request.directory, CHECKPOINT_FILE), { force: true })
    return trained
  } finally {
    trial.signal.removeEventListener('abort', forward)
  }
}

async function train(
  request: RunRequest,
  told: TrialSettings,
  trial: TrialContext,
  controller: AbortController,
): Promise<Trained> {
  const begun = await begunRun(request)
  let verdict: Verdict = 'continue'
  const tell = async (event: EpochEvent) => {
    const value = valueIn(told, event)
    if (Number.isFinite(value)) verdict = await trial.report(event.epoch, value)
  }
  const past = begun && summarize(begun.run.events)
  for (const event of past?.history ?? []) {
    if (event.epoch <= begun!.epoch && verdict === 'continue') await tell(event)
  }
  if (past !== undefined && verdict !== 'continue') return { status: cutStatus(verdict), summary: past }
  const stream = begun ? resumeRun(begun.run, request) : recordRun(request)
  let next = await stream.next()
  while (!next.done) {
    if (next.value.type === 'epoch') {
      await tell(next.value)
      if (verdict !== 'continue') controller.abort()
    }
    next = await stream.next()
  }
  const { result, events } = next.value
  const status = result.status === 'interrupted' ? cutStatus(verdict) : result.status
  return { status, summary: summarize(events) }
}

const cutStatus = (verdict: Verdict) => (verdict === 'prune' ? 'pruned' : 'interrupted')
