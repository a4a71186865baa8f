import type { Meaning, Round } from './context.ts'
import { elementary } from './elementary.ts'

/** Elementwise functions and their gradients, which are written in terms of the output y. */
export function activations(round: Round) {
  const { exp, tanh } = elementary(round)

  const map =
    (value: (x: number) => number): Meaning =>
    ({ memory, count }, { x, y }, { size }) => {
      for (let i = 0; i < count * size; i++) memory[y + i] = value(memory[x + i])
    }
  const gradient =
    (value: (y: number, dy: number) => number): Meaning =>
    ({ memory, count }, { y, dy }, { size }) => {
      for (let i = 0; i < count * size; i++) memory[dy + i] = value(memory[y + i], memory[dy + i])
    }

  /** 1 / (1 + e^−x) by the form whose exponent is not positive. */
  function sigmoid(x: number): number {
    const e = exp(-Math.abs(x))
    return round((x < 0 ? e : 1) / round(1 + e))
  }

  return {
    relu: map((x) => (x < 0 ? 0 : x)),
    reluGrad: gradient((y, dy) => (y > 0 ? dy : 0)),
    sigmoid: map(sigmoid),
    sigmoidGrad: gradient((y, dy) => round(dy * round(y * round(1 - y)))),
    tanh: map(tanh),
    tanhGrad: gradient((y, dy) => round(dy * round(1 - round(y * y)))),
    add: (({ memory, count }, { a, b, y }, { size }) => {
      for (let i = 0; i < count * size; i++) memory[y + i] = round(memory[a + i] + memory[b + i])
    }) satisfies Meaning,
    copy: map((x) => x),
    accumulate: (({ memory, count }, { x, y }, { size }) => {
      for (let i = 0; i < count * size; i++) memory[y + i] = round(memory[y + i] + memory[x + i])
    }) satisfies Meaning,
  }
}
