import { z } from 'zod'
import { parse } from '../base/parse.ts'
import type { Update } from '../model/compile.ts'

const learningRate = z.number().positive().finite()
const share = z.number().min(0).lt(1)
/** Decoupled: kernels shrink by rate·decay at every step (Loshchilov and Hutter 2019); biases do not. */
const weightDecay = z.number().min(0).finite().default(0)

const sgdSpec = z.strictObject({
  kind: z.literal('sgd'),
  learningRate: learningRate.default(0.01),
  momentum: share.default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay,
})
const adamSpec = z.strictObject({
  kind: z.literal('adam'),
  learningRate: learningRate.default(0.001),
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: z.number().positive().default(1e-7),
  weightDecay,
})

/** An optimizer as plain data. */
export const optimizerSpec = z.discriminatedUnion('kind', [sgdSpec, adamSpec])
export type OptimizerSpec = z.infer<typeof optimizerSpec>
/** An optimizer as one writes it; whatever is left out has its default. */
export type OptimizerInput = z.input<typeof optimizerSpec>

/** The three numbers that the host gives an optimizer before a step: rate, and Adam's two bias corrections. */
export type Rates = readonly [learningRate: number, first: number, second: number]

/** What an optimizer is to a program and to the training loop. */
export interface Optimizer {
  readonly spec: OptimizerSpec
  readonly update: Update
  /** For the step of this number, from 0, at this learning rate. */
  rates(step: number, learningRate: number): Rates
}

/** Stochastic gradient descent with (Nesterov) momentum. */
function sgd(spec: z.infer<typeof sgdSpec>): Optimizer {
  return {
    spec,
    update: {
      stateWords: 1,
      emit(emitter, { w, g, state: [v], rates, matrix, shrinks }) {
        const { momentum, weightDecay } = spec
        const decay = shrinks ? weightDecay : 0
        emitter.emit(
          'sgd',
          { w, g, v, rates },
          { ...matrix, momentum, nesterov: spec.nesterov ? 1 : 0, decay },
        )
      },
    },
    rates: (_, learningRate) => [learningRate, 1, 1],
  }
}

/** Adam: Kingma and Ba, "Adam: A method for stochastic optimization" (2015). */
function adam(spec: z.infer<typeof adamSpec>): Optimizer {
  const { beta1, beta2, epsilon } = spec
  return {
    spec,
    update: {
      stateWords: 2,
      emit(emitter, { w, g, state: [m, v], rates, matrix, shrinks }) {
        const decay = shrinks ? spec.weightDecay : 0
        emitter.emit('adam', { w, g, m, v, rates }, { ...matrix, beta1, beta2, epsilon, decay })
      },
    },
    rates: (step, learningRate) => [
      learningRate,
      1 / (1 - power(beta1, step + 1)),
      1 / (1 - power(beta2, step + 1)),
    ],
  }
}

/** x^n for whole n ≥ 0 by squaring: the same bits everywhere, unlike `Math.pow`. */
function power(x: number, n: number): number {
  let [result, square] = [1, x]
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}

/** Reads an optimizer from data, with its defaults. */
export function optimizer(given: OptimizerInput): Optimizer {
  const chosen = parse<OptimizerSpec>(optimizerSpec, given, 'optimizer')
  return chosen.kind === 'sgd' ? sgd(chosen) : adam(chosen)
}
