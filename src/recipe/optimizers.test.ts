import { describe, expect, test } from 'vitest'
import { key, normals } from '../base/random.ts'
import { REGISTERS } from '../engine/backend.ts'
import { RATES } from '../engine/operations.ts'
import { type Instruction, instruction } from '../engine/program.ts'
import { openInFloat64 } from '../engine/reference/index.ts'
import type { UpdateTarget } from '../model/options.ts'
import { throughFlags } from './fixtures/through-flags.ts'
import { optimizer } from './optimizer.ts'
import type { OptimizerInput, OptimizerName, OptimizerSpec } from './optimizers.ts'

describe('optimizers', () => {
  test('what is not said has the defaults of the reference study and of Keras', () => {
    expect(optimizer({ kind: 'sgd' }).spec).toMatchObject({
      learningRate: 0.01,
      momentum: 0.9,
      nesterov: true,
    })
    expect(optimizer({ kind: 'adam' }).spec).toMatchObject({
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
    })
  })

  test('Adam corrects its bias: much in the first step, hardly in the ten-thousandth', () => {
    const { rates } = optimizer({ kind: 'adam' })
    expect(rates(0, 0.001)).toEqual([0.001, expect.closeTo(10, 9), expect.closeTo(1000, 6)])
    expect(rates(9_999, 0.001)).toEqual([0.001, 1, expect.closeTo(1, 3)])
  })

  test.each<[unknown, RegExp]>([
    [{ kind: 'rmsprop' }, /optimizer: kind: expected .*received "rmsprop"/],
    [{}, /optimizer: kind: expected .*received nothing/],
    [{ kind: 'sgd', learningRate: 0 }, /optimizer: learningRate: expected a number above 0, received 0/],
    [{ kind: 'sgd', learningRate: -0.1 }, /learningRate: expected a number above 0, received -0.1/],
    [{ kind: 'sgd', learningRate: Number.NaN }, /learningRate: expected a number, received NaN/],
    [{ kind: 'sgd', learningRate: Infinity }, /learningRate: expected a number.*received Infinity/],
    [{ kind: 'sgd', learningRate: '0.1' }, /learningRate: expected a number, received "0.1"/],
    [{ kind: 'sgd', momentum: 1 }, /momentum: expected a number from 0 and below 1, received 1/],
    [{ kind: 'sgd', nesterov: 'yes' }, /nesterov: expected true or false, received "yes"/],
    [{ kind: 'sgd', beta1: 0.9 }, /expected no other keys, received "beta1"/],
    [{ kind: 'adam', beta2: 1 }, /beta2: expected a number from 0 and below 1/],
    [{ kind: 'adam', epsilon: 0 }, /epsilon: expected a number above 0/],
    ['sgd', /optimizer: expected an object, received "sgd"/],
  ])('%j is refused', (given, message) => {
    expect(() => optimizer(given as OptimizerInput)).toThrow(message)
  })
})

/** An optimizer's case: options to try it with, and its definition. */
interface Case<Name extends OptimizerName> {
  readonly given: readonly Omit<Extract<OptimizerInput, { kind: Name }>, 'kind'>[]
  /** The step of a weight without decay, from all gradients so far, the newest last: by sums, where the engine has recurrences. */
  step(spec: Extract<OptimizerSpec, { kind: Name }>, gradients: readonly number[]): number
}

/** Σ decay^age · value: the newest has the age 0. */
const discounted = (values: readonly number[], decay: number) =>
  values.reduce((sum, value, i) => sum + decay ** (values.length - 1 - i) * value, 0)

/** The mean in which older values count less: what Adam's corrected moments are. */
const fadingMean = (values: readonly number[], decay: number) =>
  discounted(values, decay) /
  discounted(
    values.map(() => 1),
    decay,
  )

const adamStep: Case<'adam'>['step'] = ({ learningRate, beta1, beta2, epsilon }, gradients) => {
  const square = fadingMean(
    gradients.map((g) => g * g),
    beta2,
  )
  return (-learningRate * fadingMean(gradients, beta1)) / (Math.sqrt(square) + epsilon)
}

/** What every optimizer is tried with: a new one without its case does not compile. */
const cases: { readonly [Name in OptimizerName]: Case<Name> } = {
  sgd: {
    given: [{}, { nesterov: false }, { momentum: 0 }, { learningRate: 0.5, momentum: 0.5, weightDecay: 0.1 }],
    step({ learningRate, momentum, nesterov }, gradients) {
      const velocity = discounted(gradients, momentum)
      return -learningRate * (nesterov ? gradients.at(-1)! + momentum * velocity : velocity)
    },
  },
  adam: {
    given: [{}, { beta1: 0.5, beta2: 0.9, epsilon: 0.01 }, { learningRate: 0.1, weightDecay: 0.2 }],
    step: adamStep,
  },
  adamw: {
    given: [{}, { learningRate: 0.1, weightDecay: 0.5 }],
    step: (spec, gradients) => adamStep({ ...spec, kind: 'adam' }, gradients),
  },
}
const all = Object.entries(cases).flatMap(([kind, { given, step }]) =>
  given.map((options) => ({
    ...{ kind, options },
    spec: optimizer({ kind, ...options } as OptimizerInput).spec,
    stepBy: step as unknown as (spec: OptimizerSpec, gradients: readonly number[]) => number,
  })),
)

const [ROWS, COLUMNS, STEPS] = [3, 5, 6]
const SIZE = ROWS * COLUMNS

/** Takes steps in float64; returns the weights and the state of the optimizer after each. */
function take(spec: OptimizerSpec, start: Float64Array, gradients: readonly Float64Array[], shrinks = true) {
  const { update, rates } = optimizer(spec)
  const place = (region: number, length = SIZE) => ({ offset: region * SIZE, length, batched: false })
  const state = Array.from({ length: update.stateWords }, (_, i) => place(2 + i))
  const ratesAt = place(2 + update.stateWords, RATES.words)
  const target: UpdateTarget = {
    ...{ w: place(0), g: place(1), state, rates: ratesAt, shrinks },
    matrix: { rows: ROWS, columns: COLUMNS },
  }
  const program: Instruction[] = []
  update.emit(
    { emit: (operation, operands, attributes) => program.push(instruction(operation, operands, attributes)) },
    target,
  )
  const session = openInFloat64({
    words: ratesAt.offset + RATES.words,
    batch: 1,
    programs: { step: program },
  })
  session.floats.set(start, 0)
  session.registers[REGISTERS.count] = 1
  return gradients.map((gradient, step) => {
    session.floats.set(gradient, SIZE)
    session.floats.set(rates(step, spec.learningRate), ratesAt.offset)
    session.run('step')
    const at = ({ offset }: { readonly offset: number }) => session.floats.slice(offset, offset + SIZE)
    return { weights: at(target.w), state: state.map(at) }
  })
}

describe.each(all)('$kind with $options', ({ spec, stepBy }) => {
  const start = normals(key(1).child('weights'), SIZE)
  const gradients = Array.from({ length: STEPS }, (_, step) => normals(key(2).child(step), SIZE))
  const none = gradients.map(() => new Float64Array(SIZE))
  const shrink = 1 - spec.learningRate * spec.weightDecay

  test('takes the steps of its definition', () => {
    let expected = Array.from(start)
    take(spec, start, gradients).forEach(({ weights }, last) => {
      expected = expected.map(
        (w, i) =>
          w * shrink +
          stepBy(
            spec,
            gradients.slice(0, last + 1).map((gradient) => gradient[i]),
          ),
      )
      weights.forEach((w, i) => {
        expect(w).toBeCloseTo(expected[i], 12)
      })
    })
  })
  test('leaves weights alone whose gradient is zero, but for their decay', () => {
    expect(take(spec, start, none, false).at(-1)!.weights).toEqual(start)
    take(spec, start, none)
      .at(-1)!
      .weights.forEach((w, i) => {
        expect(w).toBeCloseTo(start[i] * shrink ** STEPS, 12)
      })
  })
  test('remembers what it says that it remembers, and begins with nothing', () => {
    const [first] = take(spec, start, gradients)
    const [idle] = take(spec, start, none)
    expect(first.state.every((words) => words.every((word) => word !== 0))).toBe(true)
    expect(idle.state.every((words) => words.every((word) => word === 0))).toBe(true)
  })
  test('is the same after a command line and after JSON', () => {
    expect(optimizer(throughFlags({ optimizer: spec }).optimizer ?? { kind: 'sgd' }).spec).toEqual(spec)
    expect(optimizer(JSON.parse(JSON.stringify(spec))).spec).toEqual(spec)
  })
})
