import { exp, ln } from '../base/elementary.ts'

/** What a parameter's value may be. */
export type Scalar = string | number | boolean

/** One of some values, in no order that a sampler would use. */
export interface OneOf<T extends Scalar = Scalar> {
  readonly kind: 'oneOf'
  readonly values: readonly T[]
}

/** Whole numbers from `low` to `high`, both included; `log` makes every ratio as likely as every other. */
export interface Integers {
  readonly kind: 'integers'
  readonly low: number
  readonly high: number
  readonly step: number
  readonly log: boolean
}

/** Numbers from `low` to `high`, both included; in steps where a step is given. */
export interface Range {
  readonly kind: 'range'
  readonly low: number
  readonly high: number
  readonly step: number | undefined
  readonly log: boolean
}

/** What another parameter must be for this one to be there: one of some values, or within bounds. */
export type Test =
  | { readonly oneOf: readonly Scalar[] }
  | { readonly atLeast?: number | undefined; readonly atMost?: number | undefined }

/** A parameter is there only where all tests hold; one that looks at a missing parameter does not. */
export type Condition = Readonly<Record<string, Test>>

export type Values = OneOf | Integers | Range
/** The values that a parameter of a space may take, and when it is there at all. */
export type Domain = Values & { readonly when?: Condition | undefined }

/** `oneOf('sgd', 'adam')`: one of these values. */
export function oneOf<const T extends Scalar>(...values: readonly T[]): OneOf<T> {
  return { kind: 'oneOf', values }
}

/** `integers(1, 4)`, `integers(32, 256, 32)`: whole numbers, both ends included. */
export function integers(low: number, high: number, step = 1): Integers {
  return { kind: 'integers', low, high, step, log: false }
}

/** `logIntegers(16, 512)`: whole numbers, every ratio as likely as every other. */
export function logIntegers(low: number, high: number): Integers {
  return { kind: 'integers', low, high, step: 1, log: true }
}

/** `range(0, 0.5)`, `range(0, 0.5, 0.1)`: numbers between, both ends included. */
export function range(low: number, high: number, step?: number): Range {
  return { kind: 'range', low, high, step, log: false }
}

/** `logRange(1e-4, 1e-1)`: numbers between, every ratio as likely as every other. */
export function logRange(low: number, high: number): Range {
  return { kind: 'range', low, high, step: undefined, log: true }
}

/** What `when` takes: `{ depth: 2 }`, `{ depth: [2, 3] }`, `{ depth: { atLeast: 2 } }`. */
export type ConditionInput = Readonly<Record<string, Scalar | readonly Scalar[] | Test>>

export type Conditional<D> = D & { readonly when: Condition }

/** `when({ depth: { atLeast: 2 } }, integers(16, 128))`: a parameter that is there only under a condition. */
export function when<D extends Values>(condition: ConditionInput, values: D): Conditional<D> {
  return { ...values, when: conditionOf(condition) }
}

/** A condition in full. */
export function conditionOf(given: ConditionInput): Condition {
  const full = (test: Scalar | readonly Scalar[] | Test): Test => {
    if (Array.isArray(test)) return { oneOf: test as readonly Scalar[] }
    return typeof test === 'object' ? (test as Test) : { oneOf: [test as Scalar] }
  }
  return Object.fromEntries(Object.entries(given).map(([name, test]) => [name, full(test)]))
}

/** Whether a value passes a test. */
export function passes(test: Test, value: Scalar): boolean {
  if ('oneOf' in test) return test.oneOf.includes(value)
  if (typeof value !== 'number') return false
  return value >= (test.atLeast ?? -Infinity) && value <= (test.atMost ?? Infinity)
}

/** How many values there are; Infinity where they are not counted. */
export function cardinality(domain: Domain): number {
  switch (domain.kind) {
    case 'oneOf':
      return domain.values.length
    case 'integers':
      return Math.floor((domain.high - domain.low) / domain.step) + 1
    case 'range':
      if (domain.low === domain.high) return 1
      return domain.step === undefined ? Infinity : steps(domain) + 1
    default:
      return domain satisfies never
  }
}

/** Whole steps that fit; a hair more, for 0.5 / 0.1 is not quite 5, and 1 / 1e-9 not quite a billion. */
function steps({ low, high, step }: Range): number {
  const fit = (high - low) / step!
  return Math.floor(fit + Math.max(1e-9, fit * 2 ** -51))
}

/** The i-th value of a domain that is counted; the first is the low end, and none lies beyond the high one. */
export function valueAt(domain: Domain, i: number): Scalar {
  if (domain.kind === 'oneOf') return domain.values[i]
  if (domain.kind === 'integers') return domain.low + i * domain.step
  const { low, high, step } = domain
  return step === undefined || i === 0 ? low : Math.min(toTwelveDigits(low + i * step, step), high)
}

/** A value of a range in steps, rounded to twelve digits where that is nothing beside a step: 0.1 + 2·0.1 is to be 0.3. */
function toTwelveDigits(value: number, step: number): number {
  const rounded = Number(value.toPrecision(12))
  return Math.abs(rounded - value) <= step / 1000 ? rounded : value
}

/** The part of a step by which a number may miss a value and still be it: another program adds steps up otherwise. */
const NEAR = 1e-8

/** The value at u in [0, 1): equal shares of the interval for values that are counted, even spread for others. */
export function fromUnit(domain: Domain, u: number): Scalar {
  const count = cardinality(domain)
  if (Number.isFinite(count) && !(domain.kind === 'integers' && domain.log)) {
    return valueAt(domain, Math.min(count - 1, Math.floor(u * count)))
  }
  const [low, high] = bounds(domain as Integers | Range)
  const x = low + u * (high - low)
  if (domain.kind === 'integers') return clamp(Math.round(exp(x)), domain.low, domain.high)
  const { low: least, high: most, log } = domain as Range
  return clamp(log ? exp(x) : x, least, most)
}

/** Where a value lies in [0, 1]: the middle of its share. The way back of `fromUnit`. */
export function toUnit(domain: Domain, value: Scalar): number {
  if (domain.kind === 'oneOf') return (domain.values.indexOf(value) + 0.5) / domain.values.length
  const x = value as number
  if (domain.kind === 'integers' && !domain.log) {
    return ((x - domain.low) / domain.step + 0.5) / cardinality(domain)
  }
  if (domain.kind === 'range' && domain.step !== undefined) {
    return (Math.round((x - domain.low) / domain.step) + 0.5) / cardinality(domain)
  }
  const [low, high] = bounds(domain)
  return high === low ? 0.5 : clamp(((domain.log ? ln(x) : x) - low) / (high - low), 0, 1)
}

/** The part of [0, 1] that `fromUnit` takes to a value of a domain that is counted. */
export function cellOf(domain: Domain, value: Scalar): [number, number] {
  if (domain.kind === 'integers' && domain.log) {
    const [low, high] = bounds(domain)
    const at = (x: number) => clamp((ln(x) - low) / (high - low), 0, 1)
    return [at((value as number) - 0.5), at((value as number) + 0.5)]
  }
  const half = 0.5 / cardinality(domain)
  const middle = toUnit(domain, value)
  return [middle - half, middle + half]
}

/** The ends of the axis along which values are spread evenly; whole numbers get their halves on both sides. */
function bounds({ kind, low, high, log }: Integers | Range): [number, number] {
  const half = kind === 'integers' ? 0.5 : 0
  return log ? [ln(low - half), ln(high + half)] : [low, high]
}

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high)

/** Whether a value belongs to a domain: every one that `valueAt` or `fromUnit` gives does. */
export function isIn(domain: Domain, value: unknown): boolean {
  if (domain.kind === 'oneOf') return (domain.values as readonly unknown[]).includes(value)
  if (typeof value !== 'number') return false
  const { kind, low, high, step } = domain
  const isWithin = value >= low && value <= high
  if (kind === 'integers') return isWithin && Number.isInteger(value) && (value - low) % step === 0
  if (step === undefined) return isWithin
  const i = Math.round((value - low) / step)
  if (!(i >= 0 && i < cardinality(domain))) return false
  const nearest = valueAt(domain, i) as number
  return Math.abs(value - nearest) <= NEAR * step || value.toPrecision(12) === nearest.toPrecision(12)
}
