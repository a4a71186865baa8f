import { activation } from './activation.ts'
import { add } from './add.ts'
import { averagePool2d } from './average-pool2d.ts'
import { batchNorm } from './batch-norm.ts'
import { conv2d } from './conv2d.ts'
import { dense } from './dense.ts'
import { dropout } from './dropout.ts'
import { flatten } from './flatten.ts'
import { globalAveragePool2d } from './global-average-pool2d.ts'
import { input } from './input.ts'
import { maxPool2d } from './max-pool2d.ts'

/** Every kind of layer. A new one is a file, a row here, and a line in the contract test. */
export const layerKinds = {
  input,
  dense,
  conv2d,
  maxPool2d,
  averagePool2d,
  globalAveragePool2d,
  batchNorm,
  flatten,
  dropout,
  activation,
  add,
}

export type LayerKindName = keyof typeof layerKinds
