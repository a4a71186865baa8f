import { axisPlace } from '../../../src/search/figures/axis.ts'
import { parallelRows } from '../../../src/search/figures/parallel.ts'
import { searchDomain } from '../../../src/search/figures/values.ts'
import { type AxisRecord, type SearchRecord, type TrialRecord, varying } from '../../../src/search/record.ts'

/** A stretch of an axis, in places from 0 to 1. */
export type Stretch = readonly [low: number, high: number]

/** What is brushed: a stretch by the name of its axis. A trial is in when it crosses all of them within. */
export type Brush = ReadonlyMap<string, Stretch>

/** The names of the axes of parallel coordinates, the value last. */
export const axisNames = ({ axes, metric }: SearchRecord): string[] => [
  ...varying(axes).map(({ name }) => name),
  metric,
]

/** A brush as it stands in an address: `depth~0.2~0.5,batch~0~1`. */
export const writeBrush = (brush: Brush): string =>
  [...brush]
    .map(([name, [low, high]]) => `${encodeURIComponent(name)}~${round(low)}~${round(high)}`)
    .join(',')

const round = (place: number) => Number(place.toFixed(3))

/** A brush from an address; what leads to no axis is left out. */
export function readBrush(text: string, record: SearchRecord): Brush {
  const names = axisNames(record)
  const found = text.split(',').flatMap((part): [string, Stretch][] => {
    const [encoded, low, high] = part.split('~')
    const name = decode(encoded)
    const stretch = [Number(low), Number(high)] as const
    return names.includes(name) && stretch.every(Number.isFinite) && low !== '' && stretch[0] <= stretch[1]
      ? [[name, stretch]]
      : []
  })
  return new Map(found)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** A brush with another stretch on one axis, or none. */
export function brushedAlso(brush: Brush, name: string, stretch: Stretch | undefined): Brush {
  const others = [...brush].filter(([other]) => other !== name)
  return new Map(stretch === undefined ? others : [...others, [name, stretch]])
}

/** The numbers of the trials whose lines run through every brushed stretch. */
export function brushedTrials(record: SearchRecord, brush: Brush): ReadonlySet<number> {
  const names = axisNames(record)
  const out = new Set<number>()
  const all = new Set<number>()
  for (const { trial, axis, place } of parallelRows(record)) {
    all.add(trial)
    const stretch = brush.get(names[axis])
    if (stretch !== undefined && (place < stretch[0] || place > stretch[1])) out.add(trial)
  }
  return new Set([...all].filter((trial) => !out.has(trial)))
}

/** The stretch in which exactly one listed value lies. */
export function stretchOf(axis: AxisRecord, value: string | number | boolean): Stretch {
  const count = axis.values?.length ?? 1
  const place = axisPlace(axis, value)
  return [place - 0.5 / count, place + 0.5 / count]
}

/** The listed value whose stretch a brush is; undefined where it is another. */
export const listedAt = (axis: AxisRecord, [low, high]: Stretch) =>
  axis.values?.find((value) => {
    const [from, to] = stretchOf(axis, value)
    return Math.abs(from - low) < 0.002 && Math.abs(to - high) < 0.002
  })

/** The axis of the value: a range as wide as the figure draws it. */
export function valueAxis({ metric, direction, trials }: SearchRecord): AxisRecord {
  const known = trials.flatMap(({ value, state }: TrialRecord) =>
    value === null || state === 'failed' ? [] : [value],
  )
  const [low, high] = searchDomain(known, direction)
  return { name: metric, low, high, log: false }
}

/** What stands at a place of an axis that is a range. */
export function numberAt({ low = 0, high = 1, log }: AxisRecord, place: number): number {
  return log ? low * (high / low) ** place : low + (high - low) * place
}
