import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Engine } from '../../model/network.ts'
import type { RecordedRun, RunRequest } from '../../runs/recorded-run.ts'
import type { Command, Invocation } from '../command.ts'
import { engineChoice, engineFlags, refuse, textFlag } from '../flags.ts'
import { newDirectory } from '../run-directory.ts'
import type { Terminal } from '../terminal.ts'
import { seedsOf, settingsOf, trainingFlags } from '../training-flags.ts'
import { replaced, typedLine } from '../typed-line.ts'

type Stream = ReturnType<typeof import('../../runs/recorded-run.ts').recordRun>

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

/** New runs from the flags, one a seed. Everything that can be wrong is told before data are read. */
async function begin({ flags, terminal, signal, line, words }: Invocation): Promise<Ready[]> {
  const settings = settingsOf(flags)
  const seeds = seedsOf(flags)
  const name = await modelName(flags)
  const { networkChoice, validationShare } = await import('../network-flags.ts')
  const choice = networkChoice(flags)
  const validation = validationShare(flags)
  const { chooseBackend } = await import('../../engine/choose.ts')
  const { readModel } = await import('../model.ts')
  const engine = chooseBackend(engineChoice(flags))
  if (name.endsWith('.json')) refuse(flags, ['dropout', 'activation', 'init'], 'a named network', name)
  await readModel(name, choice)
  const out = textFlag(flags, 'out')
  if (out !== undefined) for (const place of seedPlaces(out, seeds)) await newDirectory(place, name)
  const { loadAndSplit } = await import('../data.ts')
  const source = textFlag(flags, 'data') ?? 'fashion-mnist'
  const data = await loadAndSplit(source, terminal, signal, { validation, seed: 1 })
  const { sizesOf } = await import('../../record/split-dataset.ts')
  const model = await readModel(name, { ...choice, ...sizesOf(data.dataset) })
  const { recordRun } = await import('../../runs/recorded-run.ts')
  const { countParameters } = await import('../../model/summary.ts')
  const set = data.dataset.source.split(':')[0]
  const directory = out ?? (await newDirectory(undefined, `${model.name.replace(/[^\w-]+/g, '-')}-${set}`))
  announce(terminal, model.name, countParameters(model), data.dataset.title, engine)
  const ready = (place: string, { seed, command }: { seed: number; command: string }): Ready => {
    const own = { directory: place, name: basename(place), command, settings: { ...settings, seed } }
    const request: RunRequest = { ...own, data, model, engine, signal }
    return { directory: place, epochs: settings.epochs, stream: recordRun(request) }
  }
  if (seeds === undefined) return [ready(directory, { seed: settings.seed, command: line })]
  return seedPlaces(directory, seeds).map((place, i) => {
    const alone = replaced(words, '--seeds', ['--seed', `${seeds[i]}`])
    return ready(place, { seed: seeds[i], command: typedLine(replaced(alone, '--out', ['--out', place])) })
  })
}

/** Where the runs of several seeds go; one alone has the place for itself. */
const seedPlaces = (directory: string, seeds: readonly number[] | undefined) =>
  seeds === undefined ? [directory] : seeds.map((seed) => `${directory}-seed-${seed}`)

/** Flags that a run which goes on may have: they move none of its bits. */
const free = ['resume', 'data', 'threads', 'backend', 'arithmetic', 'json', 'quiet']

/** A run that was cut, from its record. */
async function resume(directory: string, { flags, terminal, signal }: Invocation): Promise<Ready> {
  const fixed = Object.keys(flags).filter((name) => !free.includes(name))
  refuse(flags, fixed, 'the recorded setting', 'another beside --resume')
  const { readRun } = await import('../../runs/run.ts')
  const { loadRecorded } = await import('../data.ts')
  const { chooseBackend } = await import('../../engine/choose.ts')
  const { resumeRun } = await import('../../runs/recorded-run.ts')
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
    { flags: '--seeds <list>', text: 'train once with each, as in 1,2,3: mean and interval, a run a seed' },
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
    const ready = old === undefined ? await begin(invocation) : [await resume(old, invocation)]
    const { watch } = await import('../../base/watch.ts')
    const { showTraining } = await import('../training-progress.ts')
    const { documentOf, overSeeds, printRun, seedsText } = await import('../training-outcome.ts')
    const runs: RecordedRun[] = []
    for (const { directory, stream, epochs } of ready) {
      const run = await watch(stream, showTraining(terminal, epochs))
      runs.push(run)
      if (run.result.status !== 'finished') break
      printRun(terminal, directory, run)
    }
    const documents = runs.map((run, i) => documentOf(ready[i].directory, run))
    const several = seedsOf(flags) === undefined ? null : overSeeds(runs)
    terminal.document(
      seedsOf(flags) === undefined ? documents[0] : { runs: documents, validationAccuracy: several },
    )
    if (several !== null) terminal.print(seedsText(several))
    const last = runs.at(-1)!
    if (last.result.status === 'finished') return 'done'
    return printRun(terminal, ready[runs.length - 1].directory, last)
  },
}
