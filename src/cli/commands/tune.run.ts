import { FailureError, InputError } from '../../base/errors.ts'
import { keysOf } from '../../base/keys.ts'
import { watch } from '../../base/watch.ts'
import { chooseBackend, defaultThreads } from '../../engine/choose.ts'
import { type MonitorName, monitors } from '../../recipe/early-stopping.ts'
import { settings as recipe } from '../../recipe/settings.ts'
import { readSearch } from '../../search/read-search.ts'
import { varying } from '../../search/record.ts'
import { writeSearchReport } from '../../search/report.ts'
import type { SearchRequest } from '../../search/request.ts'
import { countTrials } from '../../search/request.ts'
import { axesOf } from '../../search/results.ts'
import { runSearch } from '../../search/run.ts'
import { metricColumns } from '../../search/settings.ts'
import { retrainBest } from '../../search/winner.ts'
import type { TrainingEvent } from '../../training/train.ts'
import { parsePruner } from '../../tuning/pruners/index.ts'
import { samplerNames } from '../../tuning/samplers/index.ts'
import { LAG, MOST_LAG } from '../../tuning/search.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadAndSplit } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { choiceFlag, numberFlag, textFlag } from '../flags.ts'
import { bar, type Terminal } from '../terminal.ts'
import { closing, documentOf } from '../tune-closing.ts'
import { openTuneProgress } from '../tune-progress.ts'

type Flags = Invocation['flags']

const monitorNames = keysOf(monitors)

/** `90`, `90s`, `20m`, `1h30m` → seconds. */
function durationFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(
    flags,
    name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
  )
  if (text === undefined) return undefined
  const parts = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text.trim())
  const [hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0))
  const total = 3600 * hours + 60 * minutes + seconds
  if (total > 0) return total
  throw new InputError({
    at: `--${name}`,
    expected: 'a time such as 90s, 20m or 1h30m',
    received: `"${text}"`,
  })
}

/** `val-accuracy=0.9` → 0.9, where that is what is searched. */
function targetFlag(flags: Flags, metric: MonitorName): number | undefined {
  const text = textFlag(flags, 'target')
  if (text === undefined) return undefined
  const [name, value] = text.split('=')
  if (
    (name === metric || name === metricColumns[metric]) &&
    value !== undefined &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  ) {
    return Number(value)
  }
  throw new InputError({
    at: '--target',
    expected: `a value of what is searched: ${metric}=NUMBER`,
    received: `"${text}"`,
  })
}

function howManyOf(flags: Flags): SearchRequest['howMany'] {
  const trials = numberFlag(flags, 'trials', { whole: true, least: 1, usual: 64 })
  const fraction = numberFlag(flags, 'fraction', { above: 0, most: 1, usual: 0.2 })
  if (trials !== undefined && fraction !== undefined) {
    throw new InputError({ at: '--fraction', expected: '--trials or --fraction', received: 'both' })
  }
  if (trials !== undefined) return { trials }
  return fraction === undefined ? undefined : { fraction }
}

/** How far the second training of the best point has come. */
function showAgain(terminal: Terminal, epochs: number) {
  const draw = (done: number) =>
    terminal.progress(
      `Retraining the best point with another seed ${bar(done / epochs, 16)} epoch ${done}/${epochs}`,
    )
  draw(0)
  return (event: TrainingEvent) => {
    if (event.type === 'epoch') draw(event.epoch)
  }
}

export async function run({
  args: [spaceText],
  flags,
  terminal,
  signal,
  line,
}: Invocation): Promise<Outcome> {
  const metric = choiceFlag(flags, 'metric', monitorNames) ?? 'val-accuracy'
  const howMany = howManyOf(flags)
  const limits = {
    seconds: durationFlag(flags, 'time-limit'),
    target: targetFlag(flags, metric),
    patience: numberFlag(flags, 'patience', { whole: true, least: 1, usual: 20 }),
  }
  const settings = {
    metric,
    monitor: choiceFlag(flags, 'monitor', monitorNames) ?? recipe.monitor.default,
    epochs: numberFlag(flags, 'epochs', { whole: true, least: 1, usual: 100 }) ?? 100,
    earlyStopping: numberFlag(flags, 'early-stopping', { whole: true, least: 0, usual: 5 }) ?? 5,
    seed: numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 }) ?? 1,
    repeats: numberFlag(flags, 'repeats', { whole: true, least: 1, usual: 3 }) ?? 1,
  }
  const sampler = choiceFlag(flags, 'sampler', samplerNames) ?? 'random'
  const pruner = parsePruner(textFlag(flags, 'pruner') ?? 'none')
  const workers = numberFlag(flags, 'workers', { whole: true, least: 1, most: 256, usual: 2 })
  const lag = numberFlag(flags, 'lag', { whole: true, least: 0, most: MOST_LAG, usual: LAG }) ?? LAG
  const { backend, arithmetic } = engineChoice(flags)
  const engine = chooseBackend({ backend, arithmetic, threads: 1 })
  const definition = await readSearch(spaceText)
  const directory = textFlag(flags, 'out') ?? `runs/search-${definition.space.name}`
  const source = textFlag(flags, 'data') ?? 'fashion-mnist'
  const request = (data: SearchRequest['data']): SearchRequest => ({
    ...settings,
    spaceText,
    definition,
    directory,
    command: line,
    data,
    engine,
    sampler,
    pruner,
    workers: workers ?? defaultThreads(),
    lag,
    howMany,
    limits,
    resume: flags.resume === true,
    signal,
  })
  const trials = countTrials({ definition, howMany, sampler }) // a fraction of nothing is told before data are read
  const data = await loadAndSplit(source, terminal, signal)
  const search = request(data)
  const size = definition.opened.size
  terminal.note(
    `${definition.space.name}: ${trials.toLocaleString('en-US')} trials` +
      `${Number.isFinite(size) ? ` of ${size.toLocaleString('en-US')} points` : ''}, ${sampler}, pruner ${pruner.kind}, ` +
      `${Math.min(search.workers, trials)} workers, ${data.dataset.title}, ${engine.backend.name}, ${engine.arithmetic}`,
  )
  const differing = new Set(varying(axesOf(definition.space)).map(({ name }) => name))
  const progress = openTuneProgress(terminal, trials, (name) => differing.has(name))
  const began = performance.now()
  let { record, interrupted } = await watch(runSearch(search), progress.show)
  progress.close()
  if (flags.retrain === true && !interrupted && record.best) {
    const again = await retrainBest(search, record, showAgain(terminal, search.epochs))
    record = again.record
    interrupted = again.status === 'interrupted'
    if (again.status === 'diverged')
      terminal.warn('The best point diverged when retrained with another seed: its lead may be luck.')
  }
  terminal.progress('Drawing figures…')
  const page = await writeSearchReport(record, directory)
  const seconds = (performance.now() - began) / 1000
  terminal.document(documentOf(record, directory, seconds))
  terminal.print(closing(record, { directory, page, seconds }))
  if (interrupted) return 'interrupted'
  if (record.best === undefined) {
    const failed = record.trials.find(({ message }) => message !== undefined)
    throw new FailureError(`No trial finished${failed ? `: ${failed.message}` : '.'}`)
  }
  return 'done'
}
