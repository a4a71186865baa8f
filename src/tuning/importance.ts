import { below, type Key, words } from '../base/random.ts'
import { toUnit } from './domain.ts'
import type { Trial } from './journal/trial.ts'
import type { OpenSpace } from './open-space.ts'

/** How much of the variance of the value a parameter explains by itself. */
export interface Importance {
  readonly name: string
  readonly share: number
}

/** How much of the spread of the results each parameter explains. */
export interface Importances {
  readonly parameters: readonly Importance[]
  /** The share that only several parameters together explain. */
  readonly interactions: number
  /** Trials that it was worked out from. */
  readonly trials: number
}

const TREES = 32
/** More trials than this are thinned out evenly: the forest's cost grows with their number, and with that of parameters. */
const MOST = 500
const MOST_COORDINATES = 20 * MOST
const LEAF = 2

/** A part of the unit cube in which a tree says one value. */
interface Leaf {
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly value: number
}

/**
 * Functional analysis of variance of a random forest (Hutter, Hoos and Leyton-Brown, "An efficient approach for assessing
 * hyperparameter importance", ICML 2014): each tree is constant on boxes of the unit cube, so the variance of its
 * marginals is a sum over boxes; the shares are means over the trees. Undefined where there is too little to learn from.
 */
export function importances(trials: readonly Trial[], space: OpenSpace, from: Key): Importances | undefined {
  const known = trials.filter(({ value }) => value !== undefined && Number.isFinite(value))
  if (known.length < 8) return undefined
  const names = Object.keys(space.space.parameters)
  const step = Math.max(1, known.length / Math.min(MOST, MOST_COORDINATES / names.length))
  const used = Array.from({ length: Math.floor(known.length / step) }, (_, i) => known[Math.floor(i * step)])
  const x = used.map((trial) => coordinates(trial, space, used))
  const y = used.map(({ value }) => value!)
  const sums = new Float64Array(names.length)
  let grown = 0
  for (let tree = 0; tree < TREES; tree++) {
    const draws = words(from.child(tree), new Uint32Array(used.length))
    const leaves = grow(
      x,
      y,
      Array.from(draws, (word) => below(word, used.length)),
      names.length,
    )
    const shares = varianceShares(leaves, names.length)
    if (shares === undefined) continue
    grown += 1
    shares.forEach((share, d) => {
      sums[d] += share
    })
  }
  if (grown === 0) return undefined
  const parameters = names.map((name, d) => ({ name, share: sums[d] / grown }))
  const explained = parameters.reduce((total, { share }) => total + share, 0)
  return {
    parameters: parameters.sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1)),
    interactions: Math.max(0, 1 - explained),
    trials: used.length,
  }
}

/** A trial's place in the unit cube. A parameter that may be missing has its share of missing values at the low end. */
function coordinates({ point }: Trial, { space }: OpenSpace, all: readonly Trial[]): number[] {
  return Object.entries(space.parameters).map(([name, domain]) => {
    if (domain.when === undefined) return toUnit(domain, point[name])
    const missing = all.filter((trial) => trial.point[name] === undefined).length / all.length
    return point[name] === undefined ? missing / 2 : missing + (1 - missing) * toUnit(domain, point[name])
  })
}

/** Grows a regression tree on some rows: each split is the one that leaves the least squared error. */
function grow(
  x: readonly (readonly number[])[],
  y: readonly number[],
  rows: readonly number[],
  dimensions: number,
): Leaf[] {
  const leaves: Leaf[] = []
  const visit = (own: readonly number[], low: readonly number[], high: readonly number[]) => {
    const split = own.length < 2 * LEAF ? undefined : bestSplit(x, y, own, dimensions)
    if (split === undefined) {
      leaves.push({ low, high, value: own.reduce((sum, row) => sum + y[row], 0) / own.length })
      return
    }
    const { dimension, at } = split
    visit(
      own.filter((row) => x[row][dimension] < at),
      low,
      replaced(high, dimension, at),
    )
    visit(
      own.filter((row) => x[row][dimension] >= at),
      replaced(low, dimension, at),
      high,
    )
  }
  visit(rows, new Array(dimensions).fill(0), new Array(dimensions).fill(1))
  return leaves
}

const replaced = (values: readonly number[], i: number, value: number) => values.with(i, value)

function bestSplit(
  x: readonly (readonly number[])[],
  y: readonly number[],
  rows: readonly number[],
  dimensions: number,
) {
  const total = rows.reduce((sum, row) => sum + y[row], 0)
  const base = (total * total) / rows.length
  let best: { dimension: number; at: number } | undefined
  let gain = 1e-12 * rows.reduce((sum, row) => sum + y[row] * y[row], 0)
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const order = [...rows].sort((a, b) => x[a][dimension] - x[b][dimension] || a - b)
    let left = 0
    for (let i = 1; i < order.length; i++) {
      left += y[order[i - 1]]
      const [before, after] = [x[order[i - 1]][dimension], x[order[i]][dimension]]
      if (before === after || i < LEAF || order.length - i < LEAF) continue
      const right = total - left
      const found = (left * left) / i + (right * right) / (order.length - i) - base
      if (found > gain) {
        gain = found
        best = { dimension, at: (before + after) / 2 }
      }
    }
  }
  return best
}

/** The share of each dimension's marginal in the variance of a tree over the unit cube; undefined where it is constant. */
function varianceShares(leaves: readonly Leaf[], dimensions: number): number[] | undefined {
  const volumes = leaves.map(({ low, high }) => low.reduce((product, l, d) => product * (high[d] - l), 1))
  const mean = leaves.reduce((sum, { value }, i) => sum + volumes[i] * value, 0)
  const total = leaves.reduce((sum, { value }, i) => sum + volumes[i] * (value - mean) * (value - mean), 0)
  if (!(total > 0)) return undefined
  return Array.from({ length: dimensions }, (_, d) => {
    const cuts = [...new Set(leaves.flatMap(({ low, high }) => [low[d], high[d]]))].sort((a, b) => a - b)
    const place = new Map(cuts.map((cut, i) => [cut, i]))
    const marginal = new Float64Array(cuts.length - 1)
    leaves.forEach(({ low, high, value }, i) => {
      const weight = (volumes[i] / (high[d] - low[d])) * value
      for (let c = place.get(low[d])!; c < place.get(high[d])!; c++) marginal[c] += weight
    })
    let variance = 0
    for (let c = 0; c < marginal.length; c++) {
      variance += (cuts[c + 1] - cuts[c]) * (marginal[c] - mean) * (marginal[c] - mean)
    }
    return variance / total
  })
}
