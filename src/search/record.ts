import { z } from 'zod'
import { keysOf } from '../base/keys.ts'
import { monitors } from '../recipe/early-stopping.ts'
import { renamed, upgraded } from '../record/version-1.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const scalar = z.union([z.string(), z.number(), z.boolean()])
const figure = z.number().optional()

/** The names of version 1. */
const former = {
  acc: 'accuracy',
  val_loss: 'valLoss',
  val_acc: 'valAccuracy',
  round_epochs: 'epochs',
  start: 'startedAt',
  end: 'endedAt',
  duration: 'seconds',
  half: 'ci95HalfWidth',
  interval: 'ci95',
  roundsToBest: 'trialsToBest',
}

/** One trial of a search. */
export const trialRecord = z.object({
  trial: count,
  state: z.enum(['complete', 'pruned', 'failed', 'running', 'waiting']),
  /** The figure that was searched; null where there is none. */
  value: z.number().nullable(),
  /** The values of the parameters that were there. */
  parameters: z.record(z.string(), scalar),
  /** Figures of the epoch that was kept, means where there are several trainings; `val…` on the validation split. */
  loss: figure,
  accuracy: figure,
  valLoss: figure,
  valAccuracy: figure,
  /** Epochs that were trained. */
  epochs: count.optional(),
  /** ISO 8601. */
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Of training. */
  seconds: figure,
  worker: count.optional(),
  /** The reported steps and values. */
  steps: z.array(z.number()).readonly(),
  values: z.array(z.number()).readonly(),
  weightsHash: z.string().optional(),
  /** The value of each repeat. */
  repeats: z.array(z.number()).readonly().optional(),
  /** Of a failed trial. */
  message: z.string().optional(),
})
export type TrialRecord = z.infer<typeof trialRecord>

/** A parameter as figures draw it: listed values, or a range. */
const axisRecord = z.object({
  name: z.string(),
  /** Every value, where they are listed. */
  values: z.array(scalar).readonly().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  log: z.boolean(),
})
export type AxisRecord = z.infer<typeof axisRecord>

/** The completed trials, the best first; equal ones in the order of their numbers. */
export function rankedTrials({
  trials,
  direction,
}: Pick<SearchRecord, 'trials' | 'direction'>): TrialRecord[] {
  const sign = direction === 'minimize' ? 1 : -1
  return trials
    .filter(({ state, value }) => state === 'complete' && value !== null)
    .sort((a, b) => sign * (a.value! - b.value!) || a.trial - b.trial)
}

/** The axes along which points differ: what a space holds at one value tells no trials apart. */
export const varying = (axes: readonly AxisRecord[]): AxisRecord[] =>
  axes.filter(({ values, low, high }) => (values === undefined ? low !== high : values.length > 1))

const tested = renamed(
  z.object({ loss: z.number(), accuracy: share, count, ci95: z.tuple([share, share]) }),
  former,
)

const bestTrial = z.object({
  trial: count,
  value: z.number(),
  /** Half the width of the 95 % interval of the mean, where each point was trained several times. */
  ci95HalfWidth: z.number().optional(),
  parameters: z.record(z.string(), scalar),
  /** The directory of its run, relative to the search's. */
  run: z.string(),
  /** Trials up to and with the best one. */
  trialsToBest: count,
  test: tested.optional(),
  /** The same point trained again with another seed. */
  retrained: z.object({ run: z.string(), value: z.number(), test: tested }).optional(),
})

const searchRecord2 = z.object({
  schemaVersion: z.literal(2),
  name: z.string(),
  createdAt: z.string(),
  command: z.string(),
  dataset: z.string(),
  axes: z.array(axisRecord).readonly(),
  sampler: z.string(),
  pruner: z.string(),
  seed: count,
  metric: z.enum(keysOf(monitors)),
  direction: z.enum(['minimize', 'maximize']),
  /** Why it stopped; empty while it goes on. */
  stopReason: z.string(),
  /** Trainings of every point, each with the next seed. */
  repeats: count,
  /** Images that every value was measured on; absent while the search goes on. */
  validationImages: count.optional(),
  counts: z.object({ trials: count, complete: count, pruned: count, failed: count, unfinished: count }),
  /** Seconds of training, added up over the trials. */
  trainingSeconds: z.number(),
  trials: z.array(renamed(trialRecord, former)).readonly(),
  best: renamed(bestTrial, former).optional(),
  importance: z
    .object({
      parameters: z.array(z.object({ name: z.string(), share: z.number() })).readonly(),
      interactions: z.number(),
      trials: count,
    })
    .optional(),
})

/**
 * In version 1 what is to be concluded of the winner was a sentence. All that it was made of stands in the record, but for
 * the number of validation images, which is read from it.
 */
function upgradeSearch({ note, metric, reason, ...record }: Record<string, unknown>) {
  const { repeats } = (record.trials as { repeats?: unknown[] }[]).find((trial) => trial.repeats) ?? {}
  const images = /([\d,]+) validation images/.exec(String(note))?.[1].replaceAll(',', '')
  return {
    ...record,
    metric: metric === 'val_acc' ? 'val-accuracy' : 'val-loss',
    stopReason: reason,
    repeats: repeats?.length ?? 1,
    ...(images !== undefined && { validationImages: Number(images) }),
  }
}

/** A search as one plain value, `results.json`: what figures and tables are made of. */
export const searchRecord = upgraded(searchRecord2, upgradeSearch)
export type SearchRecord = z.infer<typeof searchRecord>

/** A search of a study, with what is said of it beside its own figures. */
export const searchStageRecord = z.object({
  name: z.string(),
  title: z.string(),
  /** What was shortened and how; empty where nothing was. */
  note: z.string(),
  search: searchRecord,
})
export type SearchStageRecord = z.infer<typeof searchStageRecord>
