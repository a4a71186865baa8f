import { exp, ln } from '../../base/elementary.ts'
import { inverseNormal, normalCdf } from '../../base/statistics/normal.ts'
import type { Point } from '../constraints.ts'
import { cardinality, cellOf, type Domain, fromUnit, type OneOf, type Scalar, toUnit } from '../domain.ts'
import type { OpenSpace } from '../open-space.ts'

/** A density over the points of a space. */
export interface Density {
  /** A point from uniforms in (0, 1): one chooses the kernel, and one each parameter's value. */
  draw(uniforms: Float64Array): Point
  /** The logarithm of the density at a point. */
  logAt(point: Point): number
}

/** What each kernel says of one parameter. */
interface Factor {
  draw(kernel: number, uniform: number): Scalar
  /** Adds the logarithm of each kernel's density at a value. */
  addLog(value: Scalar, sums: Float64Array): void
}

/** The logarithm of √(2π). */
const LOG_ROOT_TWO_PI = 0.9189385332046728
/** What counts as no probability at all: its logarithm is finite. */
const NOTHING = 1e-300

/**
 * The categorical kernels (Aitchison and Aitken's): one's own value, and a share of every other that shrinks with the number of
 * kernels. Where a point lacks the parameter, and of the prior, all values are equally likely.
 */
function categories({ values }: OneOf, observed: readonly (Scalar | undefined)[]): Factor {
  const kernels = observed.length + 1
  const place = new Map(values.map((value, i) => [value, i]))
  const own = Int32Array.from([...observed, undefined], (value) =>
    value === undefined ? -1 : place.get(value)!,
  )
  const other = 1 / (kernels + values.length)
  const same = (kernels + 1) * other
  const even = 1 / values.length
  const [logSame, logOther, logEven] = [ln(same), ln(other), ln(even)]
  return {
    draw(kernel, uniform) {
      let rest = uniform
      for (let i = 0; i < values.length; i++) {
        rest -= own[kernel] < 0 ? even : own[kernel] === i ? same : other
        if (rest < 0) return values[i]
      }
      return values[values.length - 1]
    },
    addLog(value, sums) {
      const i = place.get(value)!
      for (let k = 0; k < kernels; k++) sums[k] += own[k] === i ? logSame : own[k] < 0 ? logEven : logOther
    },
  }
}

/**
 * The widths of kernels on the unit interval: as far as the farther neighbor is away (Bergstra et al. 2011), but for one with
 * few others not too narrow. The ends of the interval are no neighbors, unless a kernel is alone.
 */
function widths(observed: readonly number[]): Float64Array {
  const order = observed.map((_, i) => i).sort((a, b) => observed[a] - observed[b] || a - b)
  const least = 1 / Math.min(100, observed.length + 2)
  const sigma = new Float64Array(observed.length)
  order.forEach((i, p) => {
    const below = p > 0 ? observed[i] - observed[order[p - 1]] : 0
    const above = p + 1 < order.length ? observed[order[p + 1]] - observed[i] : 0
    const width = order.length === 1 ? Math.max(observed[i], 1 - observed[i]) : Math.max(below, above)
    sigma[i] = Math.min(1, Math.max(width, least))
  })
  return sigma
}

/**
 * Normal kernels cut to the unit interval, on which the parameter is spread evenly. A value that is counted has the
 * probability of its cell. Where a point lacks the parameter the kernel is the prior: a broad one over the whole.
 */
function numbers(domain: Exclude<Domain, OneOf>, observed: readonly (Scalar | undefined)[]): Factor {
  const kernels = observed.length + 1
  const there = observed.flatMap((value, k) => (value === undefined ? [] : [k]))
  const places = there.map((k) => toUnit(domain, observed[k]!))
  const width = widths(places)
  const mu = new Float64Array(kernels).fill(0.5)
  const sigma = new Float64Array(kernels).fill(1)
  there.forEach((k, i) => {
    mu[k] = places[i]
    sigma[k] = width[i]
  })
  const low = mu.map((m, k) => normalCdf(-m / sigma[k])) // the distribution function at 0
  const mass = mu.map((m, k) => normalCdf((1 - m) / sigma[k]) - low[k]) // what lies on the interval
  const logHeight = sigma.map((s, k) => -ln(s * mass[k]) - LOG_ROOT_TWO_PI)
  const draw = (k: number, uniform: number) => {
    const p = low[k] + uniform * mass[k]
    const x = mu[k] + sigma[k] * inverseNormal(Math.min(Math.max(p, NOTHING), 1 - 1e-16))
    return fromUnit(domain, Math.min(Math.max(x, 0), 1 - 1e-16))
  }
  if (!Number.isFinite(cardinality(domain))) {
    return {
      draw,
      addLog(value, sums) {
        const x = toUnit(domain, value)
        for (let k = 0; k < kernels; k++) {
          const z = (x - mu[k]) / sigma[k]
          sums[k] += logHeight[k] - 0.5 * z * z
        }
      },
    }
  }
  const known = new Map<Scalar, Float64Array>()
  const logsAt = (value: Scalar) => {
    const [from, to] = cellOf(domain, value)
    return mu.map((m, k) => {
      const [a, b] = [(from - m) / sigma[k], (to - m) / sigma[k]]
      const share = a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a)
      return ln(Math.max(share / mass[k], NOTHING))
    })
  }
  return {
    draw,
    addLog(value, sums) {
      const logs = known.get(value) ?? logsAt(value)
      known.set(value, logs)
      for (let k = 0; k < kernels; k++) sums[k] += logs[k]
    },
  }
}

/**
 * A Parzen estimator over whole points: a mixture of kernels, one around each observed point by its weight and a broad one of
 * weight 1, the prior. A kernel is the product of one for each parameter; so parameters that do well together are proposed
 * together. A parameter under a condition is drawn where the point so far has it, from its kernel if the kernel's point had it too.
 */
export function parzen(space: OpenSpace, observed: readonly Point[], weights: readonly number[]): Density {
  const factors = space.order.map((name) => {
    const domain = space.space.parameters[name]
    const values = observed.map((point) => point[name])
    return domain.kind === 'oneOf' ? categories(domain, values) : numbers(domain, values)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0) + 1
  const shares = Float64Array.from([...weights, 1], (weight) => weight / total)
  const logShares = shares.map(ln)
  return {
    draw(uniforms) {
      let rest = uniforms[0]
      let kernel = 0
      while (kernel < shares.length - 1 && rest >= shares[kernel]) rest -= shares[kernel++]
      const point: Record<string, Scalar> = {}
      space.order.forEach((name, i) => {
        if (space.isThere(name, point)) point[name] = factors[i].draw(kernel, uniforms[i + 1])
      })
      return point
    },
    logAt(point) {
      const sums = logShares.slice()
      space.order.forEach((name, i) => {
        if (point[name] !== undefined) factors[i].addLog(point[name], sums)
      })
      return logSumExp(sums)
    },
  }
}

/** ln Σ e^x, whatever the size of the terms. */
function logSumExp(terms: Float64Array): number {
  let most = -Infinity
  for (const x of terms) if (x > most) most = x
  let sum = 0
  for (const x of terms) if (x > most - 40) sum += exp(x - most)
  return most + ln(sum)
}
