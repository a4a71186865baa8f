import { exp } from '../../../base/elementary.ts'
import { minimize } from '../../../base/minimize.ts'
import { type Key, uniforms, words } from '../../../base/random.ts'
import type { Point } from '../../constraints.ts'
import { cardinality, type Domain, type Scalar, toUnit, valueAt } from '../../domain.ts'
import { SOBOL_DIMENSIONS, sobolSequence } from '../sobol.ts'
import type { Acquisition } from './acquisition.ts'
import { type Encoding, FEW, rounded } from './encode.ts'

/** Points that are looked at first. */
const FIRST = 1024
/** Of these, how many a local search begins at: the best, and some by chance, the likelier the better. */
const BEGINNINGS = 5
/** Times that a local search goes through numbers and choices. */
const ROUNDS = 6
/** Evaluations of one descent through the numbers. */
const EVALUATIONS = 40
/** The descent ends where no derivative by a coordinate, in lengths of the kernel, is larger. */
const FLAT = 1e-3

/** A point of which a search has looked how promising it is; −Infinity where it may not be proposed. */
export interface Candidate {
  readonly unit: Float64Array
  readonly point: Point
  readonly value: number
}

export interface MaximizeOptions {
  readonly encoding: Encoding
  readonly acquisition: Acquisition
  /** 1 / length² of each axis. */
  readonly nearness: Float64Array
  /** Whether a point may be proposed. */
  readonly may: (point: Point) => boolean
  /** Points at which local searches begin too. */
  readonly tried: readonly Point[]
  readonly from: Key
}

/** The most promising point that may be proposed, of those that local searches find; undefined where none may. */
export function maximize(options: MaximizeOptions): Point | undefined {
  const { encoding, tried, from } = options
  const first = beginningsIn(encoding, from.child('sobol')).map((unit) => look(options, unit))
  const beginnings = [
    ...choose(first, from.child('beginnings')),
    ...tried.map((point) => look(options, encoding.unitOf(point))),
  ]
  let best: Candidate | undefined
  for (const beginning of beginnings) {
    const found = climb(options, beginning)
    if (found.value > (best?.value ?? -Infinity)) best = found
  }
  return best?.point
}

function look({ encoding, acquisition, may }: MaximizeOptions, unit: Float64Array): Candidate {
  const point = encoding.pointOf(unit)
  return { unit, point, value: may(point) ? acquisition.at(encoding.placeOf(point)) : -Infinity }
}

/**
 * The points that are looked at first, by their coordinates: all of a small space; else some spread evenly, shifted by the key, or
 * random ones where there are more parameters than the sequence has dimensions.
 */
function beginningsIn({ space, unitOf }: Encoding, from: Key): Float64Array[] {
  const width = space.order.length
  if (space.size <= FIRST) return Array.from({ length: space.size }, (_, i) => unitOf(space.at(i)))
  if (width > SOBOL_DIMENSIONS) return Array.from({ length: FIRST }, (_, i) => uniforms(from.child(i), width))
  const sequence = sobolSequence(width)
  const shift = words(from, new Uint32Array(width))
  return Array.from({ length: FIRST }, (_, i) =>
    Float64Array.from({ length: width }, (_, d) => (((sequence(i, d) ^ shift[d]) >>> 0) + 0.5) / 2 ** 32),
  )
}

/** The best of some candidates, and others drawn by what they promise, each once. */
function choose(candidates: readonly Candidate[], from: Key): Candidate[] {
  const left = candidates.filter(({ value }) => value > -Infinity)
  const chosen: Candidate[] = []
  const draws = uniforms(from, BEGINNINGS)
  const most = left.reduce((a, { value }) => Math.max(a, value), -Infinity)
  while (chosen.length < BEGINNINGS && left.length > 0) {
    const weights = left.map(({ value }) => exp(value - most))
    let rest = draws[chosen.length] * weights.reduce((sum, weight) => sum + weight, 0)
    const i = left.findIndex(({ value }, c) => {
      rest -= weights[c]
      return chosen.length === 0 ? value === most : rest < 0
    })
    chosen.push(...left.splice(i < 0 ? left.length - 1 : i, 1))
  }
  return chosen
}

/** Goes uphill from a candidate: along the numbers by their derivatives, then through the values of every other parameter. */
function climb(options: MaximizeOptions, beginning: Candidate): Candidate {
  let best = beginning
  for (let round = 0; round < ROUNDS; round++) {
    const before = best.value
    best = alongNumbers(options, best)
    const smooth = best.value
    best = throughValues(options, best)
    if (!(best.value > before) || best.value === smooth) break
  }
  return best
}

function alongNumbers(options: MaximizeOptions, begin: Candidate): Candidate {
  const { encoding, acquisition, nearness, may } = options
  const moved = encoding.axes.flatMap((axis, d) =>
    axis.isSmooth && begin.point[axis.name] !== undefined
      ? [{ ...axis, d, length: 1 / Math.sqrt(nearness[d]) }]
      : [],
  )
  if (moved.length === 0 || begin.value === -Infinity) return begin
  const unit = begin.unit.slice()
  const whole = new Float64Array(encoding.axes.length)
  const { x } = minimize(
    (at, gradient) => {
      moved.forEach(({ place, length }, i) => {
        unit[place] = at[i] * length
      })
      const point = encoding.pointOf(unit)
      if (!may(point)) return Infinity
      const value = acquisition.withGradient(encoding.placeOf(point, unit), whole)
      moved.forEach(({ d, length }, i) => {
        gradient[i] = -whole[d] * length
      })
      return -value
    },
    Float64Array.from(moved, ({ place, length }) => begin.unit[place] / length),
    {
      low: new Float64Array(moved.length),
      high: Float64Array.from(moved, ({ length }) => 1 / length),
      evaluations: EVALUATIONS,
      tolerance: FLAT,
    },
  )
  moved.forEach(({ place, domain, length }, i) => {
    unit[place] = rounded(domain, Math.max(0, Math.min(x[i] * length, 1)))
  })
  const end = look(options, unit)
  return end.value > begin.value ? end : begin
}

/** Tries for one parameter after another the values that it may have instead. */
function throughValues(options: MaximizeOptions, begin: Candidate): Candidate {
  let best = begin
  for (const { name, place, domain } of options.encoding.axes) {
    const value = best.point[name]
    if (value === undefined) continue
    for (const other of alternatives(domain, value)) {
      const unit = best.unit.slice()
      unit[place] = toUnit(domain, other)
      const candidate = look(options, unit)
      if (candidate.value > best.value) best = candidate
    }
  }
  return best
}

/** Values to try instead of one: all others where there are few, else its neighbors; of continuous numbers none. */
function alternatives(domain: Domain, value: Scalar): Scalar[] {
  const count = cardinality(domain)
  if (domain.kind === 'oneOf') return domain.values.filter((other) => other !== value)
  if (!Number.isFinite(count)) return []
  const place = Math.round(((value as number) - domain.low) / domain.step!)
  const places =
    count <= FEW
      ? Array.from({ length: count }, (_, i) => i)
      : [place - 2, place - 1, place + 1, place + 2].filter((i) => i >= 0 && i < count)
  return places.filter((i) => i !== place).map((i) => valueAt(domain, i))
}
