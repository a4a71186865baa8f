import { useMemo } from 'preact/hooks'
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

/** Whether its probabilities can be taken at their word, and what "not sure" is worth. */
export function Calibration({ name, calibration, path }: CalibrationProps) {
  return (
    <section aria-labelledby="calibration">
      <h3 id="calibration">How sure it is</h3>
      {calibration === undefined ? (
        <>
          <p>
            Whether it is right nine times in ten when it says that it is 90 % sure is not in this evaluation,
            which an older version wrote. To write it anew:
          </p>
          <CommandLine text={`atelier evaluate '${path}'`} label="The line that evaluates it anew" />
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
      drawCoverage(document, [{ name, curve: test.curve, sure: test.sure }], {
        title: 'Accuracy of the answers',
        description:
          'How often its answers are right against the share of the images that it answers, the surest first.',
        width: Math.min(720, width),
        height: 320,
      }),
    [name, test],
  )
  return (
    <>
      <p>
        On the dashed line it is honest, below it boasts. The mean distance, the expected calibration error,
        is {percent(test.before.error, 2)} as it speaks, and {percent(test.after.error, 2)} when its logits
        are divided by {decimal(temperature, 3)}, a temperature fitted on validation.
      </p>
      <div class="pair narrow">
        <Reliability drawn={test.before} heading="As it speaks" />
        <Reliability drawn={test.after} heading={`Divided by ${decimal(temperature, 2)}`} />
      </div>
      <p>
        {threshold === 0
          ? 'On validation it errs too seldom for “not sure” to be worth anything: it answers always.'
          : `Where it is less than ${percent(threshold)} sure it says “not sure”: it then answers ${percent(test.sure.coverage)} of the test images, and ${percent(test.sure.accuracy, 2)} of these rightly.`}
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
