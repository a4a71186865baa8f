import { describe, expect, test } from 'vitest'
import { optimizer } from './optimizer.ts'
import type { OptimizerInput } from './optimizers.ts'

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
