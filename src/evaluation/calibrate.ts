import { least } from '../base/extremes.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import type { CalibrationRecord, Fitted } from '../record/calibration.ts'
import { answering, coverageCurve, fitThreshold } from './abstaining.ts'
import type { Predictions } from './evaluate.ts'
import { type Claims, expectedCalibrationError, reliability } from './reliability.ts'
import { fitTemperature, soften, softenedLosses } from './temperature.ts'

/** Sure answers err at most this often, as a share of how often all answers do. */
const SURE_RISK = 0.5

type Said = Pick<Predictions, 'probabilities' | 'predicted' | 'truth'>

/** The confidences of some predictions at a temperature, and their hits. */
export function claimsOf({ probabilities, predicted, truth }: Said, temperature: number): Claims {
  const classes = probabilities.length / truth.length
  return {
    confidences: Float64Array.from(
      truth,
      (_, i) => soften(probabilities.subarray(i * classes, (i + 1) * classes), temperature)[predicted[i]],
    ),
    hits: Array.from(truth, (label, i) => label === predicted[i]),
  }
}

/** In so many parts validation is dealt out to see what a temperature is worth on images that it was not fitted on. */
const FOLDS = 5

/**
 * The temperature that makes probabilities honest; 1, as they are, where validation cannot tell. It cannot where it holds
 * no mistake, for then the likelihood has no maximum and the surest temperature looks best; nor where the loss of images
 * that a temperature was not fitted on (cross-validation) falls by less than the standard error of that fall.
 */
function temperatureFrom({ probabilities, truth, predicted }: Said): number {
  if (truth.every((label, i) => label === predicted[i])) return 1
  const classes = probabilities.length / truth.length
  const partOf = (isIn: (i: number) => boolean) => {
    const images = Array.from(truth.keys()).filter(isIn)
    const rows = new Float32Array(images.length * classes)
    images.forEach((i, at) => {
      rows.set(probabilities.subarray(i * classes, (i + 1) * classes), at * classes)
    })
    return { rows, labels: images.map((i) => truth[i]) }
  }
  const gains = Array.from({ length: FOLDS }, (_, fold) => {
    const rest = partOf((i) => i % FOLDS !== fold)
    const held = partOf((i) => i % FOLDS === fold)
    const fitted = fitTemperature(rest.rows, rest.labels)
    return held.labels.map((label, i) => {
      const row = held.rows.subarray(i * classes, (i + 1) * classes)
      const [before, after] = softenedLosses(row, [label], [1, fitted])
      return before - after
    })
  }).flat()
  const { mean, standardDeviation } = spreadOf(gains)
  const isWorthIt = gains.length > 1 && mean > standardDeviation / Math.sqrt(gains.length)
  return isWorthIt ? fitTemperature(probabilities, truth) : 1
}

/**
 * What validation tells of a network's probabilities: the temperature that makes them honest, and the lowest threshold
 * above which it errs at most half as often as when it answers everything. Where it made no mistake, the threshold is the
 * least confidence that it was seen right with: of lower ones nothing is known.
 */
export function fitOnValidation(validation: Said): Fitted {
  const temperature = temperatureFrom(validation)
  const claims = claimsOf(validation, temperature)
  const { accuracy } = answering(claims, 0)
  if (accuracy === null) return { temperature, threshold: 0 }
  if (accuracy === 1) return { temperature, threshold: least(Array.from(claims.confidences)) }
  return { temperature, threshold: fitThreshold(claims, SURE_RISK * (1 - accuracy)) }
}

const honestyOf = (claims: Claims, loss: number) => {
  const bins = reliability(claims)
  return { loss, expectedCalibrationError: expectedCalibrationError(bins), bins }
}

/** What the fitted figures do on the test images, and on those they were fitted on where these are at hand. */
export function describeCalibration(
  fitted: Fitted,
  { test, validation }: { readonly test: Said; readonly validation?: Said | undefined },
): CalibrationRecord {
  const { temperature, threshold } = fitted
  const splitOf = (said: Said) => {
    const claims = claimsOf(said, temperature)
    const [before, after] = softenedLosses(said.probabilities, said.truth, [1, temperature])
    return {
      count: said.truth.length,
      aboveThreshold: answering(claims, threshold),
      before: honestyOf(claimsOf(said, 1), before),
      after: honestyOf(claims, after),
      claims,
    }
  }
  const briefly = ({
    count,
    aboveThreshold,
    before: { bins: _, ...before },
    after: { bins: __, ...after },
  }: ReturnType<typeof splitOf>) => ({
    count,
    aboveThreshold,
    before,
    after,
  })
  const { claims, ...onTest } = splitOf(test)
  return {
    temperature,
    threshold,
    ...(validation && { validation: briefly(splitOf(validation)) }),
    test: { ...onTest, coverageCurve: coverageCurve(claims) },
  }
}
