import { readKind } from './check.ts'
import { type OptimizerInput, type OptimizerSpec, optimizers, type Stepper } from './optimizers.ts'

/** What an optimizer is to a program and to the training loop. */
export interface Optimizer extends Stepper {
  readonly spec: OptimizerSpec
}

/** Reads an optimizer from data, with its defaults. */
export function optimizer(given: OptimizerInput): Optimizer {
  const spec = readKind(optimizers, given, 'optimizer')
  return { spec, ...optimizers[spec.kind].open(spec as never) }
}
