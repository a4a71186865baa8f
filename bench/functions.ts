import type { Point } from '../src/tuning/constraints.ts'
import { integers, logIntegers, logRange, range, when } from '../src/tuning/domain.ts'
import { defineSpace, type Space } from '../src/tuning/space.ts'

/** A function to be searched: less is better. */
export interface TestFunction {
  readonly space: Space
  readonly least: number
  readonly value: (point: Point) => number
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `x${i}`)
const cube = (name: string, count: number, low: number, high: number) =>
  defineSpace({ name, parameters: Object.fromEntries(names(count).map((x) => [x, range(low, high)])) })
const at = (point: Point, name: string) => Number(point[name])

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2]

/** How far a power of ten, or of two, is from the best one. */
const decades = (x: number, best: number) => (Math.log10(x) - best) ** 2 * 0.1
const octaves = (x: number, best: number) => Math.log2(x / best) ** 2 * 0.02

/**
 * Functions whose least values are known: smooth in two and in six dimensions, one with many local minima, and two like the spaces
 * that people tune, the second with conditions.
 */
export const functions = {
  branin: {
    space: defineSpace({ name: 'branin', parameters: { x: range(-5, 10), y: range(0, 15) } }),
    least: 0.397887,
    value(point) {
      const [x, y] = [at(point, 'x'), at(point, 'y')]
      const bent = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6
      return bent ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10
    },
  },
  hartmann6: {
    space: cube('hartmann6', 6, 0, 1),
    least: -3.32237,
    value: (point) =>
      -HARTMANN_WEIGHTS.reduce((sum, weight, i) => {
        const inner = HARTMANN_A[i].reduce(
          (s, a, j) => s + a * (at(point, `x${j}`) - HARTMANN_P[i][j]) ** 2,
          0,
        )
        return sum + weight * Math.exp(-inner)
      }, 0),
  },
  ackley5: {
    space: cube('ackley5', 5, -10, 10),
    least: 0,
    value(point) {
      const x = names(5).map((name) => at(point, name))
      const mean = (f: (v: number) => number) => x.reduce((sum, v) => sum + f(v), 0) / x.length
      return (
        -20 * Math.exp(-0.2 * Math.sqrt(mean((v) => v * v))) -
        Math.exp(mean((v) => Math.cos(2 * Math.PI * v))) +
        20 +
        Math.E
      )
    },
  },
  mixed: {
    space: defineSpace({
      name: 'mixed',
      parameters: {
        rate: logRange(1e-5, 1),
        width: [16, 32, 64, 128, 256],
        act: ['relu', 'tanh', 'elu', 'selu'],
        drop: range(0, 0.6),
        opt: ['sgd', 'adam'],
      },
    }),
    least: 0,
    value: (point) =>
      decades(at(point, 'rate'), point.opt === 'adam' ? -3 : -1.5) +
      octaves(at(point, 'width'), 128) +
      ({ relu: 0, elu: 0.03, selu: 0.05, tanh: 0.1 }[`${point.act}`] ?? 0) +
      (at(point, 'drop') - 0.25) ** 2 +
      (point.opt === 'sgd' ? 0.02 : 0),
  },
  conditional: {
    space: defineSpace({
      name: 'conditional',
      parameters: {
        depth: integers(1, 3),
        rate: logRange(1e-5, 1),
        opt: ['sgd', 'adam', 'rms'],
        momentum: when({ opt: 'sgd' }, range(0, 1)),
        beta: when({ opt: 'adam' }, range(0.8, 1)),
        first: logIntegers(8, 512),
        second: when({ depth: { atLeast: 2 } }, logIntegers(8, 512)),
        third: when({ depth: { atLeast: 3 } }, logIntegers(8, 512)),
      },
    }),
    least: 0,
    value(point) {
      const rate = at(point, 'rate')
      const byOptimizer =
        point.opt === 'sgd'
          ? decades(rate, -1.5) + (at(point, 'momentum') - 0.9) ** 2
          : point.opt === 'adam'
            ? 0.02 + decades(rate, -3) + 10 * (at(point, 'beta') - 0.9) ** 2
            : 0.1 + decades(rate, -3)
      const second = point.second === undefined ? 0.1 : octaves(at(point, 'second'), 64)
      const third = point.third === undefined ? 0 : 0.03 + octaves(at(point, 'third'), 32)
      return byOptimizer + octaves(at(point, 'first'), 128) + second + third
    },
  },
} satisfies Record<string, TestFunction>
export type FunctionName = keyof typeof functions
