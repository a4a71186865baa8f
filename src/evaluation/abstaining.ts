import type { Claims } from './reliability.ts'

/** A classifier that answers only where its confidence reaches a threshold. */
export interface Answering {
  /** The share of the images that it answers. */
  readonly coverage: number
  /** Of the answers; null where there are none. */
  readonly accuracy: number | null
}

/** A point of the curve of coverage against accuracy. */
export interface CoveragePoint {
  readonly coverage: number
  /** Of the answers. */
  readonly accuracy: number
  readonly threshold: number
}

/** Confidences from high to low with the hits among them so far. */
function ranked({ confidences, hits }: Claims) {
  const order = Array.from(confidences, (_, i) => i).sort((a, b) => confidences[b] - confidences[a] || a - b)
  let right = 0
  return order.map((i) => {
    if (hits[i]) right++
    return { confidence: confidences[i], right }
  })
}

/** How a classifier fares that answers where its confidence is at least `threshold`. */
export function answering({ confidences, hits }: Claims, threshold: number): Answering {
  let [answered, right] = [0, 0]
  for (let i = 0; i < confidences.length; i++) {
    if (confidences[i] < threshold) continue
    answered++
    if (hits[i]) right++
  }
  return {
    coverage: confidences.length === 0 ? 0 : answered / confidences.length,
    accuracy: answered === 0 ? null : right / answered,
  }
}

/**
 * Accuracy against coverage, from few answers to all, at so many shares of the images as equal as their number allows
 * (El-Yaniv and Wiener, "On the foundations of noise-free selective classification", JMLR 11, 2010).
 */
export function coverageCurve(claims: Claims, points = 50): CoveragePoint[] {
  const list = ranked(claims)
  const places = Array.from({ length: points }, (_, p) => Math.round(((p + 1) * list.length) / points))
  return [...new Set(places)].flatMap((answered) =>
    answered === 0
      ? []
      : [
          {
            threshold: list[answered - 1].confidence,
            coverage: answered / list.length,
            accuracy: list[answered - 1].right / answered,
          },
        ],
  )
}

/**
 * The threshold that leaves most images answered while the answers err at most `risk` of the time: halfway between the
 * last confidence that is answered and the next, 0 where all may be answered, 1 where none may.
 */
export function fitThreshold(claims: Claims, risk: number): number {
  const list = ranked(claims)
  for (let last = list.length - 1; last >= 0; last--) {
    const { confidence, right } = list[last]
    const next = list[last + 1]?.confidence
    if (next === confidence || last + 1 - right > risk * (last + 1)) continue
    return next === undefined ? 0 : (confidence + next) / 2
  }
  return list.length === 0 ? 0 : 1
}
