/** How far a trial had come at a step. Smaller is better. */
export interface Standing {
  readonly number: number
  /** What it reported at the step (the last before it, where it had ended as complete). */
  readonly loss: number
  /** The best that it had reported by then. */
  readonly best: number
}

/**
 * A way to end trials that promise little: a pure function of the seed, the trial's number, the step and the standings
 * that it may see. For trial n those are the trials before n − lag that reached the step or ended as complete before it,
 * none of their later steps: who was faster does not matter, and any number of workers decides alike.
 */
export interface Pruner {
  readonly kind: string
  /** Whether it decides at this step of this trial. Where it does not, the trial goes on without waiting for anybody. */
  looksAt(step: number, number: number): boolean
  /** Whether the trial ends here. */
  prunes(own: Standing, others: readonly Standing[], step: number): boolean
}

export interface PrunerSetting {
  readonly seed: number
  /** Steps of a trial that is not cut short. */
  readonly steps: number
  /** Numbers by name, as written after the pruner's name: `asha:minimum=2,factor=4`. */
  readonly options: Readonly<Record<string, number>>
}
