import { useMemo } from 'preact/hooks'
import { shellQuoted } from '../../../src/base/shell.ts'
import type { CalibrationRecord } from '../../../src/record/calibration.ts'
import { drawCoverage } from '../../../src/visualization/coverage.ts'
import { decimal, percent } from '../../../src/visualization/format.ts'
import { drawReliability, reliabilityRows } from '../../../src/visualization/reliability.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { Drawn } from '../../parts/drawn.tsx'

interface CalibrationProps {
  readonly name: string
  readonly calibration: CalibrationRecord | undefined
  /** Where the run's record lies, below the server's. */
  readonly path: string
}

/** How well calibrated its probabilities are, and what saying "not sure" gains. */
export function Calibration({ name, calibration, path }: CalibrationProps) {
  return (
    <section aria-labelledby="calibration">
      <h3 id="calibration">How sure it is</h3>
      {calibration === undefined ? (
        <>
          <p>
            Whether it is right nine times in ten when it is 90 % sure is not part of this evaluation, which
            an older version wrote. To evaluate again:
          </p>
          <CommandLine
            text={`atelier evaluate ${shellQuoted(path)}`}
            label="Command that evaluates it again"
          />
        </>
      ) : (
        <Calibrated name={name} calibration={calibration} />
      )}
    </section>
  )
}

function Calibrated({
  name,
  calibration,
}: {
  readonly name: string
  readonly calibration: CalibrationRecord
}) {
  const { temperature, threshold, test } = calibration
  const coverage = useMemo(
    () => (document: Document, width: number) =>
      drawCoverage(document, [{ name, curve: test.coverageCurve, sure: test.aboveThreshold }], {
        title: 'Accuracy of the answers',
        description:
          'Accuracy of its answers against the share of images that it answers for, most confident first.',
        width: Math.min(720, width),
        height: 320,
      }),
    [name, test],
  )
  return (
    <>
      <p>
        On the dashed line it is calibrated, below it is overconfident. The expected calibration error is{' '}
        {percent(test.before.expectedCalibrationError, 2)}, and{' '}
        {percent(test.after.expectedCalibrationError, 2)} after its logits are divided by{' '}
        {decimal(temperature, 3)}, a temperature fitted on the validation images.
      </p>
      <div class="pair narrow">
        <Reliability drawn={test.before} heading="As trained" />
        <Reliability drawn={test.after} heading={`With temperature ${decimal(temperature, 2)}`} />
      </div>
      <p>
        {threshold === 0
          ? 'It makes too few mistakes on the validation images for “not sure” to help: it always answers.'
          : `Below ${percent(threshold)} it says “not sure”: it then answers for ${percent(test.aboveThreshold.coverage)} of the test images and is right for ${percent(test.aboveThreshold.accuracy, 2)} of those.`}
      </p>
      <Drawn draw={coverage} height={320} />
    </>
  )
}

interface ReliabilityProps {
  readonly drawn: CalibrationRecord['test']['before']
  readonly heading: string
}

function Reliability({ drawn, heading }: ReliabilityProps) {
  const draw = useMemo(
    () => (document: Document, width: number) => {
      const side = Math.min(400, width)
      return drawReliability(document, reliabilityRows(drawn.bins), {
        title: `How often it is right against how sure it is, ${heading.toLowerCase()}`,
        description: drawn.bins
          .map(({ confidence, accuracy }) => `${percent(confidence)} sure, ${percent(accuracy)} right`)
          .join('; '),
        heading,
        width: side,
        height: side,
      })
    },
    [drawn, heading],
  )
  return <Drawn draw={draw} height={380} />
}
