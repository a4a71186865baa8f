import { FailureError } from '../../base/errors.ts'
import { watch } from '../../base/watch.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { readRun } from '../../runs/run.ts'
import { verifyRun } from '../../runs/verify.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadRecorded } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { textFlag } from '../flags.ts'
import { showTraining } from '../training-progress.ts'

export async function run({ args: [directory], flags, terminal, signal }: Invocation): Promise<Outcome> {
  const run = await readRun(directory)
  for (const warning of run.warnings) terminal.warn(warning)
  const { arithmetic } = run.manifest.engine
  const engine = chooseBackend({ arithmetic, ...engineChoice(flags) })
  const data = await loadRecorded(run, terminal, signal, textFlag(flags, 'data'))
  const show = showTraining(terminal, run.manifest.settings.epochs)
  const result = await watch(verifyRun(run, { data, engine, signal }), (event) => {
    if (event.type !== 'state') show(event)
  })
  if (result.found === undefined && signal.aborted) {
    terminal.print('Interrupted: nothing was compared. The record is as it was.')
    return 'interrupted'
  }
  terminal.document({
    run: directory,
    ...result,
    found: result.found ?? null,
    recordedOn: { ...run.manifest.engine, cpu: run.manifest.environment.cpu },
    verifiedOn: {
      backend: engine.backend.name,
      variant: engine.backend.variant,
      arithmetic,
      threads: engine.threads,
    },
  })
  if (!result.isEqual) {
    const where =
      result.firstDifference === null ? '' : ` The metrics first differ in epoch ${result.firstDifference}.`
    throw new FailureError(
      `The weights differ from the recorded ones: ${result.found?.slice(0, 16)}…, not ${result.expected.slice(0, 16)}….${where}`,
    )
  }
  terminal.print(`Verified: the same weights to the last bit, ${result.expected}`)
  terminal.print(
    result.hasChecksums
      ? 'Every file of the record is as it was written.'
      : 'The record is of version 1, whose files have no checksums: only the weights could be compared with it.',
  )
  return 'done'
}
