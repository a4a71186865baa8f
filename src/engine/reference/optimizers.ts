import { RATES } from '../operations.ts'
import type { Meaning, Round } from './context.ts'

/**
 * Magnitudes below this become 0 in an optimizer's state. The state of dead units decays towards the subnormal numbers,
 * on which processors are many times slower; no processor mode is relied on to prevent it.
 */
export const FLUSH = 2 ** -100

/** Words whose squares are summed together when gradients are clipped: fixed, so that threads move no bit. */
const CHUNK = 4096

export function optimizers(round: Round) {
  const flush = (x: number) => (Math.abs(x) < FLUSH ? 0 : x)

  /** Decoupled weight decay: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019). */
  const shrunk = (w: number, shrink: number) => (shrink === 0 ? w : round(w - round(shrink * w)))

  /** Momentum as in Sutskever et al., "On the importance of initialization and momentum" (2013), in PyTorch's form. */
  const sgd: Meaning = ({ memory }, { w, g, v, rates }, { rows, columns, nesterov, momentum, decay }) => {
    const rate = memory[rates + RATES.learningRate]
    const shrink = round(rate * round(decay))
    const m = round(momentum)
    for (let i = 0; i < rows * columns; i++) {
      const velocity = flush(round(round(m * memory[v + i]) + memory[g + i]))
      memory[v + i] = velocity
      const direction = nesterov ? round(memory[g + i] + round(m * velocity)) : velocity
      memory[w + i] = round(shrunk(memory[w + i], shrink) - round(rate * direction))
    }
  }

  /** m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − rate·(m·c₁) / (√(v·c₂) + ε). */
  const adam: Meaning = (
    { memory },
    { w, g, m, v, rates },
    { rows, columns, beta1, beta2, epsilon, decay },
  ) => {
    const rate = memory[rates + RATES.learningRate]
    const shrink = round(rate * round(decay))
    const c1 = memory[rates + RATES.firstCorrection]
    const c2 = memory[rates + RATES.secondCorrection]
    const [b1, b2, e] = [round(beta1), round(beta2), round(epsilon)]
    const [rest1, rest2] = [round(1 - b1), round(1 - b2)]
    for (let i = 0; i < rows * columns; i++) {
      const slope = memory[g + i]
      const mean = flush(round(round(b1 * memory[m + i]) + round(rest1 * slope)))
      const square = flush(round(round(b2 * memory[v + i]) + round(rest2 * round(slope * slope))))
      memory[m + i] = mean
      memory[v + i] = square
      const size = round(round(Math.sqrt(round(square * c2))) + e)
      memory[w + i] = round(shrunk(memory[w + i], shrink) - round(round(rate * round(mean * c1)) / size))
    }
  }

  /** The length of g: squares summed in chunks of CHUNK words by 16 lanes, then lanes, then chunks, in ascending order. */
  function norm(memory: Float32Array | Float64Array, g: number, size: number): number {
    let total = 0
    for (let start = 0; start < size; start += CHUNK) {
      const lanes = new Array<number>(16).fill(0)
      for (let i = start; i < Math.min(start + CHUNK, size); i++) {
        lanes[i % 16] = round(lanes[i % 16] + round(memory[g + i] * memory[g + i]))
      }
      let chunk = 0
      for (const lane of lanes) chunk = round(chunk + lane)
      total = round(total + chunk)
    }
    return round(Math.sqrt(total))
  }

  const clip: Meaning = ({ memory }, { g }, { size, limit }) => {
    const length = norm(memory, g, size)
    if (!(length > round(limit))) return
    const factor = round(round(limit) / length)
    for (let i = 0; i < size; i++) memory[g + i] = round(memory[g + i] * factor)
  }

  const average: Meaning = ({ memory }, { w, a, rates }, { rows, columns }) => {
    const kept = memory[rates + RATES.averaging]
    const rest = round(1 - kept)
    for (let i = 0; i < rows * columns; i++) {
      memory[a + i] = flush(round(round(kept * memory[a + i]) + round(rest * memory[w + i])))
    }
  }

  return { sgd, adam, clip, average }
}
