import type { Point } from '../../constraints.ts'
import { cardinality, type Domain, fromUnit, type OneOf, type Scalar, toUnit } from '../../domain.ts'
import type { OpenSpace } from '../../open-space.ts'
import type { Places } from './process.ts'

/** Numbers of more values than these are moved as if they were continuous, and rounded at the end. */
export const FEW = 16

/** A parameter as the model sees it; those of one value it does not see. */
export interface Axis {
  readonly name: string
  readonly domain: Domain
  /** Its place among the space's parameters, in their order. */
  readonly place: number
  /** Whether it is moved continuously; the values of others are tried one by one. */
  readonly isSmooth: boolean
}

/** How points become places, and back. */
export interface Encoding {
  readonly space: OpenSpace
  /** Numbers first, then choices. */
  readonly axes: readonly Axis[]
  readonly numbers: number
  /** The point of coordinates in [0, 1), one for each parameter of the space in its order. */
  pointOf(unit: Float64Array): Point
  /** Coordinates of a point; where a parameter is missing, the middle. */
  unitOf(point: Point): Float64Array
  /** The place of a point; where `unit` is given, continuous coordinates as they are there. */
  placeOf(point: Point, unit?: Float64Array): Float64Array
  placesOf(points: readonly Point[]): Places
}

/** The coordinate of a number that is missing: its difference from any other is at most half. */
const MIDDLE = 0.5
/** The place of a choice that is missing: it differs from every other. */
const MISSING = -1

/** The largest coordinate: `fromUnit` takes those below 1. */
const ALMOST_ONE = 1 - 2 ** -53

export function encode(space: OpenSpace): Encoding {
  const all = space.order.map((name, place): Axis => {
    const domain = space.space.parameters[name]
    const count = cardinality(domain)
    return { name, domain, place, isSmooth: domain.kind !== 'oneOf' && count > FEW }
  })
  const seen = all.filter(({ domain }) => cardinality(domain) > 1)
  const numeric = seen.filter(({ domain }) => domain.kind !== 'oneOf')
  const axes = [...numeric, ...seen.filter(({ domain }) => domain.kind === 'oneOf')]
  const choices = new Map(
    axes.slice(numeric.length).map(({ name, domain }) => {
      const { values } = domain as OneOf
      return [name, new Map<Scalar, number>(values.map((value, i) => [value, i]))]
    }),
  )
  const width = axes.length
  const placeOf = (point: Point, unit?: Float64Array) =>
    Float64Array.from(axes, ({ name, domain, place, isSmooth }, d) => {
      const value = point[name]
      if (d >= numeric.length) return value === undefined ? MISSING : choices.get(name)!.get(value)!
      if (value === undefined) return MIDDLE
      return unit !== undefined && isSmooth ? unit[place] : toUnit(domain, value)
    })
  return {
    space,
    axes,
    numbers: numeric.length,
    pointOf: (unit) => space.place((_, i) => Math.min(unit[i], ALMOST_ONE)),
    unitOf: (point) =>
      Float64Array.from(all, ({ name, domain }) =>
        point[name] === undefined ? MIDDLE : toUnit(domain, point[name]),
      ),
    placeOf,
    placesOf(points) {
      const rows = new Float64Array(points.length * width)
      points.forEach((point, i) => {
        rows.set(placeOf(point), i * width)
      })
      return { rows, count: points.length, width, numbers: numeric.length }
    },
  }
}

/** The coordinate that a value has once it is proposed: whole numbers and steps are rounded. */
export const rounded = (domain: Domain, unit: number) =>
  toUnit(domain, fromUnit(domain, Math.min(unit, ALMOST_ONE)))
