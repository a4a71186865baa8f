import { z } from 'zod'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const scalar = z.union([z.string(), z.number(), z.boolean()])
const figure = z.number().optional()

/** One trial of a search, with the columns of the reference study's table. */
export const trialRecord = z.object({
  trial: count,
  state: z.enum(['complete', 'pruned', 'failed', 'running', 'waiting']),
  /** The figure that was searched; null where there is none. */
  value: z.number().nullable(),
  /** The values of the parameters that were there. */
  parameters: z.record(z.string(), scalar),
  loss: figure,
  acc: figure,
  val_loss: figure,
  val_acc: figure,
  round_epochs: count.optional(),
  /** ISO 8601. */
  start: z.string(),
  end: z.string().nullable(),
  /** Seconds of training. */
  duration: figure,
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

/** The axes along which points differ: what a space holds at one value tells no trials apart. */
export const varying = (axes: readonly AxisRecord[]): AxisRecord[] =>
  axes.filter(({ values, low, high }) => (values === undefined ? low !== high : values.length > 1))

const tested = z.object({ loss: z.number(), accuracy: share, count, interval: z.tuple([share, share]) })

/** A search as one plain value, `results.json`: what figures and tables are made of. */
export const searchRecord = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  createdAt: z.string(),
  command: z.string(),
  dataset: z.string(),
  axes: z.array(axisRecord).readonly(),
  sampler: z.string(),
  pruner: z.string(),
  seed: count,
  metric: z.string(),
  direction: z.enum(['minimize', 'maximize']),
  /** Why it stopped. */
  reason: z.string(),
  counts: z.object({ trials: count, complete: count, pruned: count, failed: count, unfinished: count }),
  /** Seconds of training, added up over the trials. */
  trainingSeconds: z.number(),
  trials: z.array(trialRecord).readonly(),
  best: z
    .object({
      trial: count,
      value: z.number(),
      /** Half the 95 % interval of the mean, where each point was trained several times. */
      half: z.number().optional(),
      parameters: z.record(z.string(), scalar),
      /** The directory of its run, relative to the search's. */
      run: z.string(),
      /** Trials up to and with the best one. */
      roundsToBest: count,
      test: tested.optional(),
      /** The same point trained again with another seed. */
      retrained: z.object({ run: z.string(), value: z.number(), test: tested }).optional(),
    })
    .optional(),
  /** What may be concluded of the winner, as a sentence. */
  note: z.string(),
  importance: z
    .object({
      parameters: z.array(z.object({ name: z.string(), share: z.number() })).readonly(),
      interactions: z.number(),
      trials: count,
    })
    .optional(),
})
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
