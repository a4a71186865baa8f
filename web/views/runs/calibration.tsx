import type { TestRecord } from '../../../src/serving/library/run-row.ts'
import { CommandLine } from '../../parts/command-line.tsx'

/** Whether its probabilities can be taken at their word. */
export function Calibration({ path }: { readonly test: TestRecord; readonly path: string }) {
  return (
    <section aria-labelledby="calibration">
      <h3 id="calibration">Calibration</h3>
      <p>
        Whether “90 % sure” is right nine times in ten is not in this evaluation: it was written by an older
        version. To write it anew:
      </p>
      <CommandLine text={`atelier evaluate '${path}'`} label="The line that evaluates it anew" />
    </section>
  )
}
