import type { Curves, RunRow } from '../../../src/catalog/run-row.ts'
import {
  type CurveValue,
  curveValues,
  meanCurve,
  smooth,
  thin,
} from '../../../src/visualization/curve-rows.ts'
import type { OverlaidCurve } from '../../../src/visualization/overlaid-curves.ts'

/** Which curves of runs are drawn, and how. */
export interface CurveOptions {
  readonly metric: 'loss' | 'accuracy'
  readonly split: 'validation' | 'training'
  /** In [0, 1). */
  readonly smoothing: number
}

/** One line that is to be drawn: a run, or several that differ in the seed alone. */
export interface Chosen {
  readonly name: string
  readonly rows: readonly RunRow[]
}

const columnOf = ({ metric, split }: CurveOptions) =>
  (
    ({
      loss: { validation: 'valLoss', training: 'loss' },
      accuracy: { validation: 'valAccuracy', training: 'accuracy' },
    }) as const
  )[metric][split]

type Store = ReadonlyMap<string, Curves>

const valuesOf = (store: Store, id: string, options: CurveOptions): CurveValue[] => {
  const found = store.get(id)
  return found === undefined ? [] : curveValues(found.epoch, found[columnOf(options)])
}

/** The chosen as lines with names and colors: means with their interval where several runs belong together. */
export function chosenLines(store: Store, chosen: readonly Chosen[], options: CurveOptions): OverlaidCurve[] {
  return chosen.map(({ name, rows }) => {
    const all = rows.map(({ id }) => valuesOf(store, id, options)).filter(({ length }) => length > 0)
    const [first = []] = all
    if (all.length < 2) return withRaw(name, first, options.smoothing)
    const band = meanCurve(all.map((values) => smooth(values, options.smoothing)))
    return { name, values: band, band }
  })
}

function withRaw(name: string, raw: readonly CurveValue[], smoothing: number): OverlaidCurve {
  return smoothing > 0 ? { name, values: smooth(raw, smoothing), raw } : { name, values: raw }
}

/** Most points of a line that is only there to be compared with. */
const FEW = 60

interface Known {
  readonly drawing: string
  readonly values: readonly CurveValue[]
}
const known = new WeakMap<Curves, Known>()

/** All other runs as lines without names, of few points: there may be hundreds. */
export function otherLines(
  store: Store,
  ids: readonly string[],
  options: CurveOptions,
): (readonly CurveValue[])[] {
  const drawing = `${columnOf(options)} ${options.smoothing}`
  return ids.flatMap((id) => {
    const curves = store.get(id)
    if (curves === undefined) return []
    const before = known.get(curves)
    if (before?.drawing === drawing) return [before.values]
    const values = thin(smooth(valuesOf(store, id, options), options.smoothing), FEW)
    known.set(curves, { drawing, values })
    return [values]
  })
}
