import { type Complete, number } from './setting.ts'

/** A figure of the validation images by which epochs, and the trials of a search, are told apart. */
interface Monitor {
  readonly label: string
  /** Whether less is better. */
  readonly falls: boolean
  /** Whether it is written in percent. */
  readonly isShare: boolean
  /** Its value among the figures of an epoch. */
  value(validation: { readonly loss: number; readonly accuracy: number }): number
}

/** The figures that may decide what is best: a new one is a row. */
export const monitors = {
  'val-loss': { label: 'validation loss', falls: true, isShare: false, value: ({ loss }) => loss },
  'val-accuracy': {
    label: 'validation accuracy',
    falls: false,
    isShare: true,
    value: ({ accuracy }) => accuracy,
  },
} as const satisfies Readonly<Record<string, Monitor>>
export type MonitorName = keyof typeof monitors

/** When training stops before its last epoch. */
export const earlyStopping = {
  patience: number(
    { whole: true, least: 1 },
    {
      ...{ required: true, usual: 5, label: 'patience', unit: 'epoch' },
      about: 'stop after this many epochs without improvement',
    },
  ),
  minDelta: number(
    { least: 0 },
    {
      default: 0,
      usual: 0.001,
      label: 'minimum change',
      about: 'smallest change that counts as an improvement',
    },
  ),
} as const
export type EarlyStopping = Complete<typeof earlyStopping>

/** Remembers the best epoch by one figure; a table row for each epoch would say the same. */
export interface Best {
  readonly epoch: number
  readonly value: number
}

/** Whether `value` improves on `best` by more than `minDelta`. */
export function improves(monitor: MonitorName, value: number, best: Best | undefined, minDelta = 0): boolean {
  if (!Number.isFinite(value)) return false
  if (best === undefined) return true
  return monitors[monitor].falls ? value < best.value - minDelta : value > best.value + minDelta
}
