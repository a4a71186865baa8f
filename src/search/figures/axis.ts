import { decimal } from '../../visualization/format.ts'
import type { AxisRecord } from '../record.ts'

/** A value of a parameter, in few characters. */
export function shortValue(value: string | number | boolean): string {
  if (typeof value !== 'number') return String(value)
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) < 1e-3 ? value.toExponential(0) : String(Number(value.toPrecision(2)))
}

/** Where a value stands along a parameter's axis, in [0, 1]: listed values at even distances. */
export function axisPlace({ values, low, high, log }: AxisRecord, value: string | number | boolean): number {
  if (values !== undefined) return (values.indexOf(value) + 0.5) / values.length
  const [a, b] = log ? [Math.log(low!), Math.log(high!)] : [low!, high!]
  const x = log ? Math.log(Number(value)) : Number(value)
  return b === a ? 0.5 : (x - a) / (b - a)
}

/** The values to be named along an axis, and where they stand. */
export function axisTicks(axis: AxisRecord): { place: number; text: string }[] {
  const { values, low, high, log } = axis
  if (values !== undefined) {
    const every = Math.ceil(values.length / 8)
    return values
      .filter((_, i) => i % every === 0)
      .map((value) => ({ place: axisPlace(axis, value), text: shortValue(value) }))
  }
  const at = (share: number) => (log ? low! * (high! / low!) ** share : low! + (high! - low!) * share)
  return [0, 0.5, 1].map((place) => ({ place, text: shortNumber(at(place)) }))
}

const shortNumber = (x: number) =>
  Number.isInteger(x) ? String(x) : x < 1e-3 ? x.toExponential(0) : decimal(x, x < 0.1 ? 3 : x < 10 ? 2 : 0)
