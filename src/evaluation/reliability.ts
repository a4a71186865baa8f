/** How many bins a reliability diagram has, and the expected calibration error with it, unless told otherwise. */
export const BINS = 15

/** What a classifier said of some images: the probability of the class it named, and whether it was right. */
export interface Claims {
  readonly confidences: ArrayLike<number>
  readonly hits: ArrayLike<boolean>
}

/** The images whose confidence lies above `low` and not above `high`. */
export interface Bin {
  readonly low: number
  readonly high: number
  readonly count: number
  /** Mean. */
  readonly confidence: number
  readonly accuracy: number
}

/**
 * Confidence and accuracy in bins of equal width, without the empty ones (Guo et al. 2017).
 */
export function reliability({ confidences, hits }: Claims, bins = BINS): Bin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }))
  for (let i = 0; i < confidences.length; i++) {
    const sum = sums[Math.max(0, Math.min(bins, Math.ceil(confidences[i] * bins)) - 1)]
    sum.count++
    sum.confidence += confidences[i]
    if (hits[i]) sum.right++
  }
  return sums.flatMap(({ count, confidence, right }, b) =>
    count === 0
      ? []
      : [
          {
            low: b / bins,
            high: (b + 1) / bins,
            count,
            confidence: confidence / count,
            accuracy: right / count,
          },
        ],
  )
}

/**
 * The expected calibration error: the mean distance of confidence and accuracy, bin by bin, weighted by the bins' images
 * (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015). 0 of no images.
 */
export function expectedCalibrationError(bins: readonly Bin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0)
  const distance = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0)
  return count === 0 ? 0 : distance / count
}
