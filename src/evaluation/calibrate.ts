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

/**
 * What validation tells of a network's probabilities: the temperature that makes them honest, and the lowest threshold
 * above which it errs at most half as often as when it answers everything.
 */
export function fitOnValidation(validation: Said): Fitted {
  const temperature = fitTemperature(validation.probabilities, validation.truth)
  const claims = claimsOf(validation, temperature)
  return { temperature, threshold: fitThreshold(claims, SURE_RISK * (1 - answering(claims, 0).accuracy)) }
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
