import type { Command } from '../command.ts'
import { engineChoice, engineFlags, textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'

const percent = (share: number) => `${(100 * share).toFixed(2)} %`

/** A confusion matrix as text: rows are the truth, columns what was said. */
function matrixText(names: readonly string[], confusion: readonly (readonly number[])[]): string {
  const head = ['true \\ said', ...names.map((_, i) => String(i))]
  return columns([head, ...confusion.map((row, i) => [`${i} ${names[i]}`, ...row])])
}

export const evaluateCommand: Command = {
  name: 'evaluate',
  args: [{ flags: '<run>', text: 'the directory of a run' }],
  summary: 'evaluate a run on the test split: the only command that opens it',
  flags: [{ flags: '--data <source>', text: 'where the same data lie now, if elsewhere' }, ...engineFlags],
  async run({ args: [directory], flags, terminal, signal }) {
    const { readRun } = await import('../../record/run.ts')
    const { loadRecorded } = await import('../data.ts')
    const { chooseBackend } = await import('../../kernels/choose.ts')
    const { evaluateRun } = await import('../../study/recorded-run.ts')
    const run = await readRun(directory)
    run.warnings.forEach((warning) => {
      terminal.warn(warning)
    })
    const { arithmetic } = run.manifest.engine
    const engine = chooseBackend({ arithmetic, ...engineChoice(flags) })
    const data = await loadRecorded(run.manifest.data, terminal, signal, textFlag(flags, 'data'))
    const { test, validation } = await evaluateRun(run, data, engine)
    const { loss, accuracy, perClass, confusion, count } = test.evaluation
    terminal.document({
      run: directory,
      model: run.manifest.model.name,
      validation: { loss: validation.evaluation.loss, accuracy: validation.evaluation.accuracy },
      test: { loss, accuracy, count },
      perClass,
      confusion,
    })
    terminal.print(
      [
        `${run.manifest.model.name} on ${count.toLocaleString('en-US')} test images of ${data.dataset.title}: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`,
        '',
        columns([
          ['class', 'precision', 'recall', 'F1', 'images'],
          ...perClass.map((c) => [
            c.name,
            c.precision.toFixed(3),
            c.recall.toFixed(3),
            c.f1.toFixed(3),
            c.support,
          ]),
        ]),
        '',
        matrixText(data.dataset.classNames, confusion),
      ].join('\n'),
    )
    return 'done'
  },
}
