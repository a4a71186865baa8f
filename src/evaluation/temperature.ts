import { exp, ln } from '../base/elementary.ts'

/**
 * The probabilities softmax(z / temperature), from those of softmax(z), of one image (Guo et al., "On calibration of
 * modern neural networks", 2017). The class that leads goes on leading.
 */
export function soften(probabilities: ArrayLike<number>, temperature: number): number[] {
  const p = Array.from(probabilities)
  if (temperature === 1) return p
  const largest = ln(Math.max(...p))
  const weights = p.map((x) => (x === 0 ? 0 : exp((ln(x) - largest) / temperature)))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / sum)
}

/** A class that was given no probability counts as given this, float32's least normal number: a mistake costs 87 nats at most. */
const LEAST = 2 ** -126

/** The fitted temperature lies between this and its inverse. */
const HOTTEST = 20

/** The leading class has weight 1: e to less than this adds nothing to it in float64. */
const NEGLIGIBLE = -45

/** Logarithms of probabilities, [count, classes], image by image less the largest. */
interface Logits {
  readonly values: Float64Array
  readonly classes: number
  readonly truth: ArrayLike<number>
}

function logitsOf(probabilities: ArrayLike<number>, truth: ArrayLike<number>): Logits {
  const classes = probabilities.length / truth.length
  const values = Float64Array.from(probabilities, (p) => ln(Math.max(p, LEAST)))
  for (let start = 0; start < values.length; start += classes) {
    let largest = -Infinity
    for (let c = 0; c < classes; c++) largest = Math.max(largest, values[start + c])
    for (let c = 0; c < classes; c++) values[start + c] -= largest
  }
  return { values, classes, truth }
}

/** The mean cross-entropy of softmax(β·z), in nats, with its first and second derivative by β: it is convex in β. */
function lossAt({ values, classes, truth }: Logits, beta: number) {
  let [loss, slope, bend] = [0, 0, 0]
  for (let i = 0, start = 0; i < truth.length; i++, start += classes) {
    let [sum, first, second] = [0, 0, 0]
    for (let c = 0; c < classes; c++) {
      const z = values[start + c]
      if (beta * z < NEGLIGIBLE) continue
      const weight = z === 0 ? 1 : exp(beta * z)
      sum += weight
      first += weight * z
      second += weight * z * z
    }
    const [mean, own] = [first / sum, values[start + truth[i]]]
    loss += ln(sum) - beta * own
    slope += mean - own
    bend += second / sum - mean * mean
  }
  return { loss: loss / truth.length, slope: slope / truth.length, bend: bend / truth.length }
}

/** The mean cross-entropy, in nats, of softened probabilities, [count, classes]. */
export const softenedLoss = (
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  temperature: number,
): number => softenedLosses(probabilities, truth, [temperature])[0]

/** The same at several temperatures. */
export function softenedLosses(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  temperatures: readonly number[],
): number[] {
  const logits = logitsOf(probabilities, truth)
  return temperatures.map((temperature) => lossAt(logits, 1 / temperature).loss)
}

/**
 * The temperature, between 0.05 and 20, that makes the mean cross-entropy of softened probabilities, [count, classes],
 * least: Newton's steps on its inverse, halving the bracket where a step would leave it. 1 of no images.
 */
export function fitTemperature(probabilities: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (truth.length === 0) return 1
  const logits = logitsOf(probabilities, truth)
  let [low, high, beta] = [1 / HOTTEST, HOTTEST, 1]
  for (let step = 0; step < 100; step++) {
    const { slope, bend } = lossAt(logits, beta)
    if (slope > 0) high = beta
    else low = beta
    const newton = beta - slope / bend
    const isInside = newton > low && newton < high
    const next = isInside ? newton : (low + high) / 2
    // A step of Newton's that small leaves an error of about its square.
    const isNear = Math.abs(next - beta) <= (isInside ? 1e-8 : 1e-12) * beta
    beta = next
    if (isNear) break
  }
  return 1 / beta
}
