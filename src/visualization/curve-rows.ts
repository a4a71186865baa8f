import { spreadOf } from '../base/statistics/spread.ts'

/** A figure of one epoch. */
export interface CurveValue {
  readonly epoch: number
  readonly value: number
}

/** A mean over runs at one epoch, and the 95 % interval of it where there are several. */
export interface CurveMean extends CurveValue {
  readonly low: number
  readonly high: number
  readonly count: number
}

/** The finite values of two columns: [epochs] each. */
export function curveValues(epochs: readonly number[], values: readonly (number | null)[]): CurveValue[] {
  return epochs.flatMap((epoch, i) => {
    const value = values[i]
    return value === null || value === undefined || !Number.isFinite(value) ? [] : [{ epoch, value }]
  })
}

/**
 * The exponential moving average sᵢ = w·sᵢ₋₁ + (1 − w)·xᵢ, divided by 1 − wⁱ so that it does not begin at zero; w in [0, 1).
 * Kingma and Ba, "Adam", ICLR 2015, §3 have the same correction.
 */
export function smooth(values: readonly CurveValue[], weight: number): readonly CurveValue[] {
  if (weight <= 0) return values
  let [sum, rest] = [0, 1]
  return values.map(({ epoch, value }) => {
    sum = weight * sum + (1 - weight) * value
    rest *= weight
    return { epoch, value: sum / (1 - rest) }
  })
}

/** At most about `most` of the values: of each stretch the least and the greatest, so that no spike is lost. */
export function thin(values: readonly CurveValue[], most: number): readonly CurveValue[] {
  if (values.length <= most) return values
  const stretches = Math.max(1, Math.floor(most / 2) - 1)
  const kept = [values[0]]
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * (values.length - 2)) / stretches)
    const to = 1 + Math.floor(((s + 1) * (values.length - 2)) / stretches)
    const stretch = values.slice(from, to)
    if (stretch.length === 0) continue
    const least = stretch.reduce((a, b) => (b.value < a.value ? b : a))
    const greatest = stretch.reduce((a, b) => (b.value > a.value ? b : a))
    if (least === greatest) kept.push(least)
    else kept.push(...(least.epoch < greatest.epoch ? [least, greatest] : [greatest, least]))
  }
  return [...kept, values[values.length - 1]]
}

/** The mean of several runs at every epoch that all of them reached, and its 95 % interval by Student's t. */
export function meanCurve(runs: readonly (readonly CurveValue[])[]): CurveMean[] {
  const byEpoch = new Map<number, number[]>()
  for (const run of runs) {
    for (const { epoch, value } of run) {
      const values = byEpoch.get(epoch)
      if (values === undefined) byEpoch.set(epoch, [value])
      else values.push(value)
    }
  }
  return [...byEpoch]
    .filter(([, values]) => values.length === runs.length)
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => {
      const { mean, ci95HalfWidth: half = 0, count } = spreadOf(values)
      return { epoch, value: mean, low: mean - half, high: mean + half, count }
    })
}
