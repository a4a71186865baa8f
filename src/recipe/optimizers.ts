import type { Update } from '../model/compile.ts'
import {
  boolean,
  type Complete,
  type CompleteKind,
  type GivenKind,
  type Kind,
  number,
  type Settings,
} from './setting.ts'

/** The three numbers that the host gives an optimizer before a step: rate, and Adam's two bias corrections. */
export type Rates = readonly [learningRate: number, first: number, second: number]

/** An optimizer whose options are chosen, as a program and the training loop use it. */
export interface Stepper {
  readonly update: Update
  /** For the step of this number, from 0, at this learning rate. */
  rates(step: number, learningRate: number): Rates
}

/** A row of the table of optimizers. */
export interface OptimizerKind<O extends Settings> extends Kind<O> {
  open(options: Complete<O>): Stepper
}
const optimizerKind = <O extends Settings>(row: OptimizerKind<O>) => row

const share = { least: 0, below: 1 }
const learningRate = <const V extends number>(usual: V) =>
  number(
    { above: 0 },
    {
      default: usual,
      label: 'learning rate',
      about: 'step size',
      searchable: true,
      isCommon: true,
    },
  )
/** Decoupled: kernels shrink by rate·decay at every step (Loshchilov and Hutter 2019); biases do not. */
const weightDecay = <const V extends number>(usual: V) =>
  number(
    { least: 0 },
    {
      ...{ default: usual, usual: 0.01, label: 'weight decay', searchable: true },
      about: 'decoupled: at each step kernels shrink by learning rate × this',
    },
  )

/** Stochastic gradient descent with (Nesterov) momentum. */
const sgd = optimizerKind({
  label: 'SGD',
  options: {
    learningRate: learningRate(0.01),
    momentum: number(share, {
      ...{ default: 0.9, label: 'momentum', searchable: true },
      about: 'momentum factor',
    }),
    nesterov: boolean({
      ...{ default: true, label: 'Nesterov momentum' },
      about: 'Nesterov momentum',
    }),
    weightDecay: weightDecay(0),
  },
  open: ({ momentum, nesterov, weightDecay }) => ({
    update: {
      stateWords: 1,
      emit(emitter, { w, g, state: [v], rates, matrix, shrinks }) {
        const decay = shrinks ? weightDecay : 0
        emitter.emit('sgd', { w, g, v, rates }, { ...matrix, momentum, nesterov: nesterov ? 1 : 0, decay })
      },
    },
    rates: (_, learningRate) => [learningRate, 1, 1],
  }),
})

const adamOptions = {
  learningRate: learningRate(0.001),
  beta1: number(share, {
    ...{ default: 0.9, label: 'β₁', isQuiet: true },
    about: 'decay of the running mean of gradients',
  }),
  beta2: number(share, {
    ...{ default: 0.999, label: 'β₂', isQuiet: true },
    about: 'decay of the running mean of squared gradients',
  }),
  epsilon: number(
    { above: 0 },
    { default: 1e-7, label: 'ε', isQuiet: true, about: 'added to the denominator for numerical stability' },
  ),
} as const

/** Adam: Kingma and Ba, "Adam: A method for stochastic optimization" (2015). */
const adam = optimizerKind({
  label: 'Adam',
  options: { ...adamOptions, weightDecay: weightDecay(0) },
  open: ({ beta1, beta2, epsilon, weightDecay }) => ({
    update: {
      stateWords: 2,
      emit(emitter, { w, g, state: [m, v], rates, matrix, shrinks }) {
        const decay = shrinks ? weightDecay : 0
        emitter.emit('adam', { w, g, m, v, rates }, { ...matrix, beta1, beta2, epsilon, decay })
      },
    },
    rates: (step, learningRate) => [
      learningRate,
      1 / (1 - power(beta1, step + 1)),
      1 / (1 - power(beta2, step + 1)),
    ],
  }),
})

/** Adam with decoupled weight decay, as it is usually meant: Loshchilov and Hutter (2019). */
const adamw = optimizerKind({
  ...adam,
  label: 'AdamW',
  options: { ...adamOptions, weightDecay: weightDecay(0.01) },
})

/** x^n for whole n ≥ 0 by squaring: the same bits everywhere, unlike `Math.pow`. */
function power(x: number, n: number): number {
  let [result, square] = [1, x]
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}

/** Every optimizer: a new one is a row. */
export const optimizers = { sgd, adam, adamw }
export type OptimizerName = keyof typeof optimizers
/** An optimizer as plain data. */
export type OptimizerSpec = CompleteKind<typeof optimizers>
/** An optimizer as one writes it; whatever is left out has its default. */
export type OptimizerInput = GivenKind<typeof optimizers>
