import { basename } from 'node:path'
import { FailureError, InputError } from '../../base/errors.ts'
import type { Engine } from '../../model/network.ts'
import type { RecordedRun } from '../../study/recorded-run.ts'
import type { Command, Invocation } from '../command.ts'
import { engineChoice, engineFlags, refuse, textFlag } from '../flags.ts'
import { newDirectory } from '../run-directory.ts'
import type { Terminal } from '../terminal.ts'
import { settingsOf, trainingFlags } from '../training-flags.ts'

/** The document of `train --json`. */
function documentOf(directory: string, { manifest, events, result }: RecordedRun) {
  const { engine, settings } = manifest
  const finished = events.find((event) => event.type === 'finished')
  const stopped = events.find((event) => event.type === 'stopped')
  const history = events.flatMap((event) =>
    event.type === 'epoch'
      ? [
          {
            epoch: event.epoch,
            loss: event.loss,
            accuracy: event.accuracy,
            valLoss: event.valLoss,
            valAccuracy: event.valAccuracy,
            seconds: event.seconds,
          },
        ]
      : [],
  )
  return {
    run: directory,
    status: result.status,
    model: manifest.model.name,
    parameters: manifest.parameters,
    ...engine,
    seed: settings.seed,
    epochs: history.length,
    bestEpoch: result.bestEpoch,
    stopped: stopped?.message ?? null,
    seconds: finished?.seconds ?? null,
    imagesPerSecond: finished?.imagesPerSecond ?? null,
    weightsHash: finished?.weightsHash ?? null,
    history,
    validation: finished?.validation ?? null,
  }
}

type Stream = ReturnType<typeof import('../../study/recorded-run.ts').recordRun>

/** A run that is ready to go: where it is kept, how long it may go on, and its events to come. */
interface Ready {
  readonly directory: string
  readonly epochs: number
  readonly stream: Stream
}

/** What a run's first line says. */
function announce(terminal: Terminal, model: string, parameters: number, title: string, engine: Engine) {
  terminal.note(
    `${model}: ${parameters.toLocaleString('en-US')} parameters, ${title}, ` +
      `${engine.backend.name} (${engine.backend.variant}), ${engine.arithmetic}, ${engine.threads} threads`,
  )
}

async function modelName(flags: Invocation['flags']): Promise<string> {
  const name = textFlag(flags, 'model')
  if (name !== undefined) return name
  const { namedNetworks } = await import('../../model/named.ts')
  const expected = `one of ${Object.keys(namedNetworks).join(', ')}, or a JSON file`
  throw new InputError({ at: '--model', expected, received: 'nothing' })
}

/** A new run, from the flags. Everything that can be wrong is told before data are read. */
async function begin({ flags, terminal, signal, line }: Invocation): Promise<Ready> {
  const settings = settingsOf(flags)
  const name = await modelName(flags)
  const { networkChoice, validationShare } = await import('../network-flags.ts')
  const choice = networkChoice(flags)
  const validation = validationShare(flags)
  const { chooseBackend } = await import('../../kernels/choose.ts')
  const { readModel } = await import('../model.ts')
  const engine = chooseBackend(engineChoice(flags))
  if (name.endsWith('.json')) refuse(flags, ['dropout', 'activation', 'init'], 'a named network', name)
  await readModel(name, choice)
  const out = textFlag(flags, 'out')
  if (out !== undefined) await newDirectory(out, name)
  const { loadAndSplit } = await import('../data.ts')
  const source = textFlag(flags, 'data') ?? 'fashion-mnist'
  const data = await loadAndSplit(source, terminal, signal, { validation, seed: 1 })
  const { height, width, channels } = data.dataset.train
  const classes = data.dataset.classNames.length
  const open = { ...choice, classes, imageShape: [height, width, channels] }
  const model = await readModel(name, open)
  const { recordRun } = await import('../../study/recorded-run.ts')
  const { countParameters } = await import('../../model/summary.ts')
  const set = data.dataset.source.split(':')[0]
  const directory = await newDirectory(out, `${model.name.replace(/[^\w-]+/g, '-')}-${set}`)
  announce(terminal, model.name, countParameters(model), data.dataset.title, engine)
  const request = {
    directory,
    name: basename(directory),
    command: line,
    data,
    model,
    settings,
    engine,
    signal,
  }
  return { directory, epochs: settings.epochs, stream: recordRun(request) }
}

/** Flags that a run which goes on may have: they move none of its bits. */
const free = ['resume', 'data', 'threads', 'backend', 'arithmetic', 'json', 'quiet']

/** A run that was cut, from its record. */
async function resume(directory: string, { flags, terminal, signal }: Invocation): Promise<Ready> {
  const fixed = Object.keys(flags).filter((name) => !free.includes(name))
  refuse(flags, fixed, 'the recorded setting', 'another beside --resume')
  const { readRun } = await import('../../record/run.ts')
  const { loadRecorded } = await import('../data.ts')
  const { chooseBackend } = await import('../../kernels/choose.ts')
  const { resumeRun } = await import('../../study/recorded-run.ts')
  const run = await readRun(directory)
  for (const warning of run.warnings) terminal.warn(warning)
  const { arithmetic } = run.manifest.engine
  const engine = chooseBackend({ arithmetic, ...engineChoice(flags) })
  const data = await loadRecorded(run.manifest.data, terminal, signal, textFlag(flags, 'data'))
  announce(terminal, run.manifest.model.name, run.manifest.parameters, data.dataset.title, engine)
  return { directory, epochs: run.manifest.settings.epochs, stream: resumeRun(run, { data, engine, signal }) }
}

export const trainCommand: Command = {
  name: 'train',
  args: [],
  summary: 'train a network and record it',
  flags: [
    { flags: '--model <name>', text: 'a named network or a JSON file (atelier summary lists them)' },
    {
      flags: '--data <source>',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
    { flags: '--dropout <x>', text: 'dropped after every hidden layer of a named network (default: 0)' },
    {
      flags: '--init <name>',
      text: 'he-uniform, he-normal, glorot-…, lecun-…, uniform(a,b), normal(s), zeros',
    },
    { flags: '--activation <name>', text: 'relu, sigmoid or tanh, of a named network (default: relu)' },
    ...trainingFlags,
    { flags: '--validation <share>', text: 'share of the training images to validate on (default: 0.2)' },
    ...engineFlags,
    { flags: '--out <dir>', text: 'directory of the run, which must not exist (default: runs/…)' },
    {
      flags: '--resume <run>',
      text: 'go on with a run that was cut; every other setting is the recorded one',
    },
  ],
  async run(invocation) {
    const { flags, terminal } = invocation
    const old = textFlag(flags, 'resume')
    const { directory, epochs, stream } = await (old === undefined
      ? begin(invocation)
      : resume(old, invocation))
    const { watch } = await import('../../base/watch.ts')
    const { showTraining } = await import('../training-progress.ts')
    const run = await watch(stream, showTraining(terminal, epochs))
    const document = documentOf(directory, run)
    terminal.document(document)
    if (run.result.status === 'diverged') {
      const failed = run.events.find((event) => event.type === 'failed')
      throw new FailureError(failed?.message ?? 'Training failed.')
    }
    if (run.result.status === 'interrupted') {
      terminal.print(`Interrupted; what was learnt is kept. Go on with: atelier train --resume ${directory}`)
      return 'interrupted'
    }
    terminal.print(
      `Best epoch ${document.bestEpoch}: val. loss ${document.validation?.loss?.toFixed(4)}, val. accuracy ` +
        `${(100 * (document.validation?.accuracy ?? 0)).toFixed(2)} %. Weights ${document.weightsHash?.slice(0, 16)}…\n` +
        `Recorded in ${directory}. Next: atelier evaluate ${directory}`,
    )
    return 'done'
  },
}
