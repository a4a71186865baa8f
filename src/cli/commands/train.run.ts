import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { watch } from '../../base/watch.ts'
import type { Engine } from '../../engine/backend.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { namedNetworks } from '../../model/named.ts'
import { countParameters } from '../../model/summary.ts'
import { describeForm } from '../../pictures/form.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import type { RecordedRun, RunRequest } from '../../runs/recorded-run.ts'
import { recordRun, resumeRun } from '../../runs/recorded-run.ts'
import { readRun } from '../../runs/run.ts'
import { recipeOf } from '../../training/from-settings.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadAndSplit, loadRecorded } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { refuse, textFlag } from '../flags.ts'
import { readModel } from '../model.ts'
import { newDirectory } from '../run-directory.ts'
import type { Terminal } from '../terminal.ts'
import { networkFlags, networkOptionsOf, recipeFrom, seedsOf, validationShare } from '../training-flags.ts'
import { documentOf, overSeeds, printRun, seedsText } from '../training-outcome.ts'
import { showTraining } from '../training-progress.ts'
import { replaced, typedLine } from '../typed-line.ts'

type Stream = ReturnType<typeof recordRun>

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

function modelName(flags: Invocation['flags']): string {
  const name = textFlag(flags, 'model')
  if (name !== undefined) return name
  const expected = `one of ${Object.keys(namedNetworks).join(', ')}, or a JSON file`
  throw new InputError({ at: '--model', expected, received: 'nothing' })
}

/** New runs from the flags, one a seed. Everything that can be wrong is told before data are read. */
async function begin({ flags, terminal, signal, line, words }: Invocation): Promise<Ready[]> {
  const given = recipeFrom(flags)
  const seeds = seedsOf(flags)
  const name = modelName(flags)
  const options = networkOptionsOf(flags)
  const validation = validationShare(flags)
  const engine = chooseBackend(engineChoice(flags))
  if (name.endsWith('.json')) refuse(flags, networkFlags, 'a named network', name)
  await readModel(name, options)
  const out = textFlag(flags, 'out')
  if (out !== undefined) for (const place of seedPlaces(out, seeds)) await newDirectory(place, name)
  const source = textFlag(flags, 'data') ?? 'fashion-mnist'
  const data = await loadAndSplit(source, terminal, signal, { validation, seed: 1 })
  const model = await readModel(name, { ...options, ...sizesOf(data.dataset) })
  const settings = recipeOf({ data, model, settings: given })
  const set = data.dataset.source.split(':')[0]
  const directory = out ?? (await newDirectory(undefined, `${model.name.replace(/[^\w-]+/g, '-')}-${set}`))
  announce(terminal, model.name, countParameters(model), data.dataset.title, engine)
  terminal.note(`Pictures: ${describeForm(data.dataset.form)}`)
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
  const run = await readRun(directory)
  for (const warning of run.warnings) terminal.warn(warning)
  const { arithmetic } = run.manifest.engine
  const engine = chooseBackend({ arithmetic, ...engineChoice(flags) })
  const data = await loadRecorded(run, terminal, signal, textFlag(flags, 'data'))
  announce(terminal, run.manifest.model.name, run.manifest.parameters, data.dataset.title, engine)
  return { directory, epochs: run.manifest.settings.epochs, stream: resumeRun(run, { data, engine, signal }) }
}

export async function run(invocation: Invocation): Promise<Outcome> {
  const { flags, terminal } = invocation
  const old = textFlag(flags, 'resume')
  const ready = old === undefined ? await begin(invocation) : [await resume(old, invocation)]
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
}
