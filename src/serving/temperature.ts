import { ln } from '../base/elementary.ts'
import { elementary } from '../kernels/definition/elementary.ts'

const { exp } = elementary(Math.fround)

/**
 * The probabilities softmax(z / temperature), from those of softmax(z), of one image (Guo et al., "On calibration of
 * modern neural networks", 2017). The class that leads goes on leading.
 */
export function soften(probabilities: ArrayLike<number>, temperature: number): number[] {
  const p = Array.from(probabilities)
  if (temperature === 1) return p
  const largest = ln(Math.max(...p))
  const weights = p.map((x) => (x === 0 ? 0 : exp(Math.fround((ln(x) - largest) / temperature))))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / sum)
}
