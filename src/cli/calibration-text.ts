import { BINS } from '../evaluation/reliability.ts'
import type { CalibrationRecord } from '../record/calibration.ts'

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(2)} %`)

/** What was fitted on validation and what it does to the test images, in three lines. */
export function calibrationText({ temperature, threshold, validation, test }: CalibrationRecord): string {
  const { before, after, aboveThreshold: sure } = test
  const onValidation = validation?.aboveThreshold
  return [
    `Calibrated on validation: ${temperature === 1 ? 'temperature kept at 1, for want of evidence for another' : `temperature ${temperature.toFixed(3)}`}, ${threshold === 0 ? 'always sure' : `not sure below ${threshold.toFixed(3)}`}.`,
    `Calibration error (${BINS} bins) ${percent(before.expectedCalibrationError)} → ${percent(after.expectedCalibrationError)}, loss ${before.loss.toFixed(4)} → ${after.loss.toFixed(4)}.`,
    `Sure of ${percent(sure.coverage)} of the images, and right in ${percent(sure.accuracy)} of those${
      onValidation === undefined
        ? ''
        : ` (on validation ${percent(onValidation.coverage)} and ${percent(onValidation.accuracy)})`
    }.`,
  ].join('\n')
}
