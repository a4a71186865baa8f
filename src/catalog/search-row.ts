import { z } from 'zod'
import { keysOf } from '../base/keys.ts'
import { monitors } from '../recipe/early-stopping.ts'
import { entryRow } from './run-row.ts'

const count = z.number().int().nonnegative()

/** One search in a list. */
export const searchRow = entryRow.extend({
  name: z.string(),
  /** `silent`: neither ended nor kept by a process. */
  status: z.enum(['running', 'silent', 'stopped', 'finished', 'corrupt']),
  error: z.string().nullable(),
  /** Why it ended. */
  reason: z.string().nullable(),
  createdAt: z.string().nullable(),
  updatedAt: z.string(),
  metric: z.enum(keysOf(monitors)).nullable(),
  direction: z.enum(['minimize', 'maximize']).nullable(),
  sampler: z.string().nullable(),
  pruner: z.string().nullable(),
  seed: count.nullable(),
  counts: z.object({ trials: count, complete: count, pruned: count, failed: count, unfinished: count }),
  trainingSeconds: z.number(),
  best: z
    .object({
      trial: count,
      value: z.number(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    })
    .nullable(),
  warnings: z.array(z.string()),
})
export type SearchRow = z.infer<typeof searchRow>
