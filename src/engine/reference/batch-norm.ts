import type { Meaning, Round } from './context.ts'

/**
 * Batch normalization: Ioffe and Szegedy, "Batch normalization" (2015), over the batch and the pixels of each channel.
 * Legend: x [n, pixels, channels]; x̂ = (x − mean)·inverse, inverse = 1 / √(variance + ε); y = x̂·γ + β. Sums run over
 * the pixels of an image from +0, then over images.
 */
export function batchNorm(round: Round) {
  /** Σ of f(row) over the live examples and pixels of one channel; `at(n, p)` is the word of an element. */
  function sum(count: number, pixels: number, f: (n: number, p: number) => number): number {
    let total = 0
    for (let n = 0; n < count; n++) {
      let image = 0
      for (let p = 0; p < pixels; p++) image = round(image + f(n, p))
      total = round(total + image)
    }
    return total
  }

  const inverseOf = (variance: number, epsilon: number) =>
    round(1 / round(Math.sqrt(round(variance + round(epsilon)))))

  const forward: Meaning = ({ memory, count }, at, { pixels, channels, momentum, epsilon }) => {
    const total = round(count * pixels)
    const kept = round(momentum)
    const rest = round(1 - kept)
    for (let c = 0; c < channels; c++) {
      const word = (n: number, p: number) => (n * pixels + p) * channels + c
      const mean = round(sum(count, pixels, (n, p) => memory[at.x + word(n, p)]) / total)
      const deviation = (n: number, p: number) => round(memory[at.x + word(n, p)] - mean)
      const squares = sum(count, pixels, (n, p) => round(deviation(n, p) * deviation(n, p)))
      const inverse = inverseOf(round(squares / total), epsilon)
      for (let n = 0; n < count; n++) {
        for (let p = 0; p < pixels; p++) {
          const normal = round(deviation(n, p) * inverse)
          memory[at.y + word(n, p)] = round(round(normal * memory[at.gamma + c]) + memory[at.beta + c])
        }
      }
      memory[at.saved + c] = mean
      memory[at.saved + channels + c] = inverse
      const unbiased = round(squares / Math.max(1, round(total - 1)))
      memory[at.mean + c] = round(round(kept * memory[at.mean + c]) + round(rest * mean))
      memory[at.variance + c] = round(round(kept * memory[at.variance + c]) + round(rest * unbiased))
    }
  }

  /** dβ = Σ dy, dγ = Σ dy·x̂, dx = γ·inverse·((dy − dβ / N) − x̂·(dγ / N)). */
  const gradient: Meaning = ({ memory, count }, at, { pixels, channels }) => {
    const total = round(count * pixels)
    for (let c = 0; c < channels; c++) {
      const word = (n: number, p: number) => (n * pixels + p) * channels + c
      const [mean, inverse] = [memory[at.saved + c], memory[at.saved + channels + c]]
      const normal = (n: number, p: number) => round(round(memory[at.x + word(n, p)] - mean) * inverse)
      const slope = (n: number, p: number) => memory[at.dy + word(n, p)]
      const dbeta = sum(count, pixels, slope)
      const dgamma = sum(count, pixels, (n, p) => round(slope(n, p) * normal(n, p)))
      memory[at.dbeta + c] = dbeta
      memory[at.dgamma + c] = dgamma
      const scale = round(memory[at.gamma + c] * inverse)
      const [meanSlope, meanTurn] = [round(dbeta / total), round(dgamma / total)]
      for (let n = 0; n < count; n++) {
        for (let p = 0; p < pixels; p++) {
          const rest = round(round(slope(n, p) - meanSlope) - round(normal(n, p) * meanTurn))
          memory[at.dx + word(n, p)] = round(scale * rest)
        }
      }
    }
  }

  const inference: Meaning = ({ memory, count }, at, { pixels, channels, epsilon }) => {
    for (let c = 0; c < channels; c++) {
      const inverse = inverseOf(memory[at.variance + c], epsilon)
      for (let i = c; i < count * pixels * channels; i += channels) {
        const normal = round(round(memory[at.x + i] - memory[at.mean + c]) * inverse)
        memory[at.y + i] = round(round(normal * memory[at.gamma + c]) + memory[at.beta + c])
      }
    }
  }

  return { batchNorm: forward, batchNormGrad: gradient, batchNormInference: inference }
}
