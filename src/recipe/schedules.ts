import { z } from 'zod'
import { cosPi } from '../base/elementary.ts'

/**
 * How the learning rate moves from step to step, as data. A schedule gives a factor of the optimizer's rate; it is made
 * of the four operations and our own cosine, so that it has the same bits everywhere.
 */
export const scheduleSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmUp: z.number().min(0).default(0) }),
  /** Multiplied by `factor` after every `every` epochs. */
  z.strictObject({
    kind: z.literal('step'),
    every: z.number().int().positive(),
    factor: z.number().positive().lte(1).default(0.1),
    warmUp: z.number().min(0).default(0),
  }),
  /** Half a cosine from 1 to `floor` (Loshchilov and Hutter, "SGDR", 2017, without restarts). */
  z.strictObject({
    kind: z.literal('cosine'),
    floor: z.number().min(0).lt(1).default(0),
    warmUp: z.number().min(0).default(0),
  }),
  /** A straight line from 1 to 0. */
  z.strictObject({ kind: z.literal('linear'), warmUp: z.number().min(0).default(0) }),
  /** Cosine from 1 / `start` up to 1 at the share `peak` of all steps, then down to 1 / `end` (Smith and Topin 2018). */
  z.strictObject({
    kind: z.literal('one-cycle'),
    peak: z.number().gt(0).lt(1).default(0.3),
    start: z.number().gt(1).default(25),
    end: z.number().gt(1).default(10_000),
  }),
])
export type Schedule = z.infer<typeof scheduleSpec>
export type ScheduleInput = z.input<typeof scheduleSpec>

/** Half a cosine from `from` at t = 0 to `to` at t = 1. */
const ease = (from: number, to: number, t: number) => to + ((from - to) * (1 + cosPi(t))) / 2

/** The factor at a step (from 0) of `steps` steps an epoch and `epochs` epochs. `warmUp` is in epochs, linear from 0. */
export function rateFactor(schedule: Schedule, step: number, steps: number, epochs: number): number {
  const total = steps * epochs
  if (schedule.kind === 'one-cycle') {
    const { peak, start, end } = schedule
    const top = peak * (total - 1)
    if (step <= top) return ease(1 / start, 1, top === 0 ? 1 : step / top)
    return ease(1, 1 / end, (step - top) / (total - 1 - top))
  }
  const warm = schedule.warmUp * steps
  if (step < warm) return (step + 1) / warm
  const t = total - 1 <= warm ? 0 : Math.min(1, (step - warm) / (total - 1 - warm))
  switch (schedule.kind) {
    case 'constant':
      return 1
    case 'step': {
      let factor = 1
      for (let drops = Math.floor(step / (steps * schedule.every)); drops > 0; drops--)
        factor *= schedule.factor
      return factor
    }
    case 'cosine':
      return ease(1, schedule.floor, t)
    case 'linear':
      return 1 - t
    default:
      return schedule satisfies never
  }
}
