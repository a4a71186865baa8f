import { InputError } from '../base/errors.ts'
import type { SettingsRecord } from '../record/manifest.ts'
import type { Flag, Invocation } from './command.ts'
import { choiceFlag, numberFlag, refuse, textFlag } from './flags.ts'

type Flags = Invocation['flags']

/** The flags that say how to train; `settingsOf` reads them. */
export const trainingFlags: readonly Flag[] = [
  { flags: '--epochs <n>', text: 'passes over the training images (default: 10)' },
  { flags: '--batch <n>', text: 'images a step (default: 32)' },
  { flags: '--optimizer <name>', text: 'sgd, adam or adamw (default: sgd)' },
  { flags: '--learning-rate <x>', text: 'default: 0.01 for sgd, 0.001 for adam and adamw' },
  { flags: '--momentum <x>', text: 'of sgd (default: 0.9)' },
  { flags: '--no-nesterov', text: 'plain momentum' },
  { flags: '--weight-decay <x>', text: 'kernels shrink by rate × this a step (default: 0; 0.01 for adamw)' },
  {
    flags: '--schedule <name>',
    text: 'cosine, linear, constant, step or one-cycle (default: cosine, down to 0)',
  },
  { flags: '--warm-up <epochs>', text: 'of the schedule: the rate rises from 0 (default: 0)' },
  { flags: '--step-every <epochs>', text: 'of the schedule step: divide the rate by 10 so often' },
  { flags: '--clip-norm <x>', text: 'keep the length of the gradient to this' },
  { flags: '--averaging <x>', text: 'keep a moving average of the weights; 0.999 is usual' },
  { flags: '--label-smoothing <x>', text: 'share of the target spread over all classes (default: 0)' },
  {
    flags: '--augment <list>',
    text: 'vary the training images: flip, translate=PIXELS, erase=PROBABILITY, with commas between',
  },
  { flags: '--loss <name>', text: 'cross-entropy, or softmax-twice as in the reference study' },
  { flags: '--early-stopping <patience>', text: 'stop after so many epochs without improvement' },
  { flags: '--min-delta <x>', text: 'what counts as an improvement (default: 0)' },
  {
    flags: '--monitor <name>',
    text: 'val-loss or val-accuracy: decides which weights are kept (default: val-loss)',
  },
  { flags: '--seed <n>', text: 'of weights, order, dropout and augmentation (default: 1)' },
]

/** Several seeds from `--seeds 1,2,3`; undefined where the flag is absent. */
export function seedsOf(flags: Flags): readonly number[] | undefined {
  const text = textFlag(flags, 'seeds')
  if (text === undefined) return undefined
  if (textFlag(flags, 'seed') !== undefined) refuse(flags, ['seed'], 'either --seed or --seeds', 'both')
  const seeds = text.split(',').map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : Number.NaN))
  if (seeds.every(Number.isSafeInteger) && seeds.length > 1 && new Set(seeds).size === seeds.length)
    return seeds
  const expected = 'two different whole numbers or more, with commas between'
  throw new InputError({ at: '--seeds', expected, received: `"${text}"`, hint: '1,2,3 is usual.' })
}

function optimizerOf(flags: Flags): SettingsRecord['optimizer'] {
  const name = choiceFlag(flags, 'optimizer', ['sgd', 'adam', 'adamw']) ?? 'sgd'
  const usual = name === 'sgd' ? 0.01 : 0.001
  const learningRate = numberFlag(flags, 'learning-rate', { above: 0, usual }) ?? usual
  const momentum = numberFlag(flags, 'momentum', { least: 0, below: 1, usual: 0.9 })
  const decay = numberFlag(flags, 'weight-decay', { least: 0, usual: 0.01 })
  const weightDecay = decay ?? (name === 'adamw' ? 0.01 : 0)
  if (name !== 'sgd') refuse(flags, ['momentum', 'nesterov'], 'the optimizer sgd', name)
  return name === 'sgd'
    ? {
        kind: 'sgd',
        learningRate,
        momentum: momentum ?? 0.9,
        nesterov: flags.nesterov !== false,
        weightDecay,
      }
    : { kind: 'adam', learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay }
}

/** A rate that falls to 0 is worth a point of accuracy over one that stays, in few epochs as in many; so it is the default. */
function scheduleOf(flags: Flags): SettingsRecord['schedule'] {
  const kind = choiceFlag(flags, 'schedule', ['constant', 'step', 'cosine', 'linear', 'one-cycle'])
  const warmUp = numberFlag(flags, 'warm-up', { least: 0, usual: 1 })
  const every = numberFlag(flags, 'step-every', { whole: true, least: 1, usual: 10 })
  if (kind !== 'step') refuse(flags, ['stepEvery'], '--schedule step beside it', kind ?? 'none')
  if (kind === 'one-cycle') refuse(flags, ['warmUp'], 'another schedule: this one warms up by itself', kind)
  return {
    kind: kind ?? 'cosine',
    ...(kind === 'step' ? { every: every ?? 10 } : {}),
    ...(warmUp === undefined ? {} : { warmUp }),
  }
}

/** Reads `flip,translate=2,erase=0.25`. */
function augmentationOf(flags: Flags): SettingsRecord['augmentation'] {
  const text = textFlag(flags, 'augment')
  if (text === undefined) return undefined
  const wishes = new Map<string, string | undefined>()
  for (const part of text.split(',')) {
    const [name, value] = part.trim().split('=')
    wishes.set(name, value)
  }
  const number = (name: string, usual: number, range: object) => {
    if (!wishes.has(name)) return undefined
    return numberFlag({ [name]: wishes.get(name) ?? '' }, name, { ...range, usual })
  }
  const unknown = [...wishes.keys()].find((name) => !['flip', 'translate', 'erase'].includes(name))
  if (unknown !== undefined || (wishes.has('flip') && wishes.get('flip') !== undefined)) {
    const expected = 'flip, translate=PIXELS, erase=PROBABILITY, with commas between'
    throw new InputError({ at: '--augment', expected, received: `"${text}"` })
  }
  const translate = number('translate', 2, { whole: true, least: 0, most: 100 })
  const erase = number('erase', 0.25, { least: 0, most: 1 })
  return {
    flip: wishes.has('flip'),
    translate: translate ?? 0,
    fill: 0,
    ...(erase === undefined ? {} : { erase: { probability: erase, low: 3, high: 9 } }),
  }
}

/** Only what is there: absent settings stay absent in a record. */
function present<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never
}

/** Reads everything that training is asked for. */
export function settingsOf(flags: Flags): SettingsRecord {
  const patience = numberFlag(flags, 'early-stopping', { whole: true, least: 1, usual: 5 })
  const minDelta = numberFlag(flags, 'min-delta', { least: 0, usual: 0.001 }) ?? 0
  if (patience === undefined) refuse(flags, ['minDelta'], '--early-stopping beside it', 'none')
  return {
    epochs: numberFlag(flags, 'epochs', { whole: true, least: 1, usual: 10 }) ?? 10,
    batch: numberFlag(flags, 'batch', { whole: true, least: 1, most: 4096, usual: 32 }) ?? 32,
    optimizer: optimizerOf(flags),
    loss: choiceFlag(flags, 'loss', ['cross-entropy', 'softmax-twice']) ?? 'cross-entropy',
    preprocessing: { scale: 1 / 255, shift: 0 },
    seed: numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 }) ?? 1,
    monitor: choiceFlag(flags, 'monitor', ['val-loss', 'val-accuracy']) ?? 'val-loss',
    ...present({
      earlyStopping: patience === undefined ? undefined : { patience, minDelta },
      schedule: scheduleOf(flags),
      labelSmoothing: numberFlag(flags, 'label-smoothing', { least: 0, below: 1, usual: 0.1 }),
      clipNorm: numberFlag(flags, 'clip-norm', { above: 0, usual: 1 }),
      averaging: numberFlag(flags, 'averaging', { least: 0, below: 1, usual: 0.999 }),
      augmentation: augmentationOf(flags),
    }),
  }
}
