/** The figure that decides which epoch is best. */
export type Monitor = 'val-loss' | 'val-accuracy'
export const monitors: readonly Monitor[] = ['val-loss', 'val-accuracy']

export interface EarlyStopping {
  /** Epochs without improvement after which training stops. */
  readonly patience: number
  /** An improvement must be larger than this. */
  readonly minDelta: number
}

/** Remembers the best epoch by one figure; a table row for each epoch would say the same. */
export interface Best {
  readonly epoch: number
  readonly value: number
}

/** Whether `value` improves on `best` by more than `minDelta`. */
export function improves(monitor: Monitor, value: number, best: Best | undefined, minDelta = 0): boolean {
  if (!Number.isFinite(value)) return false
  if (best === undefined) return true
  return monitor === 'val-loss' ? value < best.value - minDelta : value > best.value + minDelta
}
