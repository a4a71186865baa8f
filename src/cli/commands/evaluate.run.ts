import { statSync } from 'node:fs'
import { InputError } from '../../base/errors.ts'
import { chooseBackend } from '../../engine/choose.ts'
import type { Evaluation } from '../../evaluation/metrics.ts'
import { evaluateModel } from '../../recognition/evaluate-model.ts'
import { engineFor } from '../../recognition/load.ts'
import { trainedModel } from '../../recognition/trained-model.ts'
import { evaluateRun } from '../../runs/evaluate-run.ts'
import { readModelFile, readRun } from '../../runs/run.ts'
import { calibrationText } from '../calibration-text.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadRecorded, loadSource } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'

const percent = (share: number) => `${(100 * share).toFixed(2)} %`

/** A confusion matrix as text: rows are the truth, columns what was said. */
function matrixText(names: readonly string[], confusion: readonly (readonly number[])[]): string {
  const head = ['true \\ predicted', ...names.map((_, i) => String(i))]
  return columns([head, ...confusion.map((row, i) => [`${i} ${names[i]}`, ...row])])
}

interface Figures {
  readonly model: string
  /** Of the data. */
  readonly title: string
  readonly classNames: readonly string[]
  readonly test: Evaluation
  /** None for a weights file, which does not say which images it was chosen by. */
  readonly validation: Evaluation | undefined
}

/** A run on the data that it names, which must be the recorded ones; its record keeps the evaluation. */
async function evaluateDirectory({
  args: [directory],
  flags,
  terminal,
  signal,
}: Invocation): Promise<Figures> {
  const run = await readRun(directory)
  run.warnings.forEach((warning) => {
    terminal.warn(warning)
  })
  const { model, engine: trainedOn } = run.manifest
  const engine = chooseBackend({ arithmetic: trainedOn.arithmetic, ...engineChoice(flags) })
  const data = await loadRecorded(run, terminal, signal, textFlag(flags, 'data'))
  const { test, validation } = await evaluateRun(run, data, engine)
  const { title, classNames } = data.dataset
  return {
    model: model.name,
    title,
    classNames,
    test: test.evaluation,
    validation: validation.evaluation,
  }
}

/** A weights file on the data of `--data`, or of its own words. */
async function evaluateFile({ args: [path], flags, terminal, signal }: Invocation): Promise<Figures> {
  const model = trainedModel(await readModelFile(path), path)
  const source = textFlag(flags, 'data') ?? model.source
  if (source === undefined) {
    throw new InputError({ at: '--data', expected: 'the data to evaluate it on', received: 'nothing' })
  }
  const engine = engineFor(model, engineChoice(flags))
  const dataset = await loadSource(source, terminal, signal)
  const { title } = dataset
  const { evaluation: test } = evaluateModel(model, dataset, engine)
  const classNames = test.perClass.map(({ name }) => name)
  const unknown = model.classNames.filter((name) => !dataset.classNames.includes(name))
  if (unknown.length > 0) {
    terminal.warn(
      `The classes of the data are ${dataset.classNames.join(', ')}; those of the network ${model.classNames.join(', ')}. They were matched by their numbers.`,
    )
  }
  return { model: model.name, title, classNames, test, validation: undefined }
}

export async function run(invocation: Invocation): Promise<Outcome> {
  const { args, terminal } = invocation
  const isFile =
    args[0].endsWith('.safetensors') && !statSync(args[0], { throwIfNoEntry: false })?.isDirectory()
  const { model, title, classNames, test, validation } = await (isFile ? evaluateFile : evaluateDirectory)(
    invocation,
  )
  const { loss, accuracy, perClass, confusion, count, calibration } = test
  terminal.document({
    run: args[0],
    model,
    validation: validation === undefined ? null : { loss: validation.loss, accuracy: validation.accuracy },
    test: { loss, accuracy, count },
    calibration: calibration ?? null,
    perClass,
    confusion,
  })
  terminal.print(
    [
      `${model} on ${count.toLocaleString('en-US')} test images of ${title}: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`,
      ...(calibration === undefined ? [] : [calibrationText(calibration)]),
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
      matrixText(classNames, confusion),
    ].join('\n'),
  )
  return 'done'
}
