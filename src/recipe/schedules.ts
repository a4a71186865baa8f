import { cosPi } from '../base/elementary.ts'
import {
  type Complete,
  type CompleteKind,
  type GivenKind,
  type Kind,
  number,
  type Settings,
} from './setting.ts'

/** Where a step stands, from 0. */
export interface Position {
  readonly step: number
  /** Steps an epoch. */
  readonly steps: number
  /** Steps in all. */
  readonly total: number
  /** Of the steps after the warm-up: 0 at the first, 1 at the last. */
  readonly t: number
}

/**
 * A row of the table of schedules: how the learning rate moves from step to step. It gives a factor of the optimizer's
 * rate, made of the four operations and our own cosine, so that it has the same bits everywhere.
 */
export interface ScheduleKind<O extends Settings> extends Kind<O> {
  factor(options: Complete<O>, at: Position): number
}
const scheduleKind = <O extends Settings>(row: ScheduleKind<O>) => row

/** Half a cosine from `from` at t = 0 to `to` at t = 1. */
const ease = (from: number, to: number, t: number) => to + ((from - to) * (1 + cosPi(t))) / 2

const warmUp = number(
  { least: 0 },
  {
    ...{ default: 0, usual: 1, label: 'warm-up', unit: 'epoch', searchable: true },
    about: 'epochs of linear warm-up',
  },
)

const constant = scheduleKind({ label: 'constant', options: { warmUp }, factor: () => 1 })

const step = scheduleKind({
  label: 'step',
  options: {
    every: number(
      { whole: true, least: 1 },
      {
        default: 10,
        label: 'every',
        unit: 'epoch',
        flag: 'step-every',
        about: 'epochs between drops of the learning rate',
      },
    ),
    factor: number(
      { above: 0, most: 1 },
      {
        default: 0.1,
        label: 'factor',
        flag: 'step-factor',
        isQuiet: true,
        about: 'factor of each drop',
      },
    ),
    warmUp,
  },
  factor({ every, factor }, { step, steps }) {
    let product = 1
    for (let drops = Math.floor(step / (steps * every)); drops > 0; drops--) product *= factor
    return product
  },
})

/** Half a cosine from 1 to `floor` (Loshchilov and Hutter, "SGDR", 2017, without restarts). */
const cosine = scheduleKind({
  label: 'cosine',
  options: {
    floor: number(
      { least: 0, below: 1 },
      { default: 0, label: 'floor', flag: false, about: 'the factor at the end' },
    ),
    warmUp,
  },
  factor: ({ floor }, { t }) => ease(1, floor, t),
})

/** A straight line from 1 to 0. */
const linear = scheduleKind({ label: 'linear', options: { warmUp }, factor: (_, { t }) => 1 - t })

/** Cosine from 1 / `start` up to 1 at the share `peak` of all steps, then down to 1 / `end` (Smith and Topin 2018). */
const oneCycle = scheduleKind({
  label: 'one-cycle',
  options: {
    peak: number(
      { above: 0, below: 1 },
      {
        default: 0.3,
        label: 'peak',
        flag: false,
        isQuiet: true,
        about: 'the share of all steps at which the rate is highest',
      },
    ),
    start: number(
      { above: 1 },
      { default: 25, label: 'start', flag: false, isQuiet: true, about: 'what the first rate is divided by' },
    ),
    end: number(
      { above: 1 },
      {
        default: 10_000,
        label: 'end',
        flag: false,
        isQuiet: true,
        about: 'what the last rate is divided by',
      },
    ),
  },
  factor({ peak, start, end }, { step, total }) {
    const top = peak * (total - 1)
    if (step <= top) return ease(1 / start, 1, top === 0 ? 1 : step / top)
    return ease(1, 1 / end, (step - top) / (total - 1 - top))
  },
})

/** Every schedule: a new one is a row. */
export const schedules = { constant, step, cosine, linear, 'one-cycle': oneCycle }
export type ScheduleName = keyof typeof schedules
export type Schedule = CompleteKind<typeof schedules>
export type ScheduleInput = GivenKind<typeof schedules>

/** The factor at a step (from 0) of `steps` steps an epoch and `epochs` epochs; never above 1. */
export function rateFactor(schedule: Schedule, step: number, steps: number, epochs: number): number {
  const total = steps * epochs
  const warm = 'warmUp' in schedule ? schedule.warmUp * steps : 0
  if (step < warm) return Math.min(1, (step + 1) / warm)
  const t = total - 1 <= warm ? 0 : Math.min(1, (step - warm) / (total - 1 - warm))
  return schedules[schedule.kind].factor(schedule as never, { step, steps, total, t })
}
