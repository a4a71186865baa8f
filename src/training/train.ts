import type { z } from 'zod'
import { argmax } from '../base/argmax.ts'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { pause } from '../base/pause.ts'
import { type Key, key } from '../base/random.ts'
import { checkImages, type LossName } from '../model/compile.ts'
import {
  type Engine,
  type Examples,
  getWeights,
  initializeWeights,
  type Measurement,
  measureInSteps,
  type NamedTensor,
  type Network,
  openNetwork,
  type Preprocessing,
  unitInterval,
} from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import { augmentation, augmentationAttributes } from '../recipe/augmentation.ts'
import { type EarlyStopping, improves, type Monitor, monitors } from '../recipe/early-stopping.ts'
import { type Optimizer, type OptimizerInput, optimizer } from '../recipe/optimizers.ts'
import { rateFactor, type Schedule, type ScheduleInput, scheduleSpec } from '../recipe/schedules.ts'
import type { EpochEvent, ProgressEvent, RunEvent } from '../record/events.ts'
import { hashWeights } from '../record/weights.ts'
import { type BestEpoch, type Checkpoint, restoreState, takeState } from './checkpoint.ts'
import type { TrainingData } from './data.ts'
import { type EpochResult, stepsOf, type TrainingStep, trainEpoch } from './epoch.ts'

/** What to train, on what, where and how; whatever is left out has the reference's defaults. */
export interface TrainingOptions {
  readonly model: ModelSpec
  readonly data: TrainingData
  readonly engine: Engine
  readonly epochs: number
  /** 32 unless told otherwise. */
  readonly batch?: number
  readonly optimizer?: OptimizerInput
  readonly loss?: LossName
  readonly preprocessing?: Preprocessing
  readonly seed?: number
  /** The figure that decides which epoch's weights are kept: `val-loss` unless told otherwise. */
  readonly monitor?: Monitor
  readonly earlyStopping?: EarlyStopping
  readonly schedule?: ScheduleInput | undefined
  /** Share of the target that is spread over all classes. */
  readonly labelSmoothing?: number | undefined
  /** The gradient's length is kept to this. */
  readonly clipNorm?: number | undefined
  /** How much of the moving average of the weights is kept at a step; the averages are what is validated and kept. */
  readonly averaging?: number | undefined
  readonly augmentation?: z.input<typeof augmentation> | undefined
  /** Goes on from here instead of from the initial weights; everything else must be as it was. */
  readonly resume?: Checkpoint | undefined
  /** Training ends after the step in which this is aborted. */
  readonly signal?: AbortSignal
  /** Called before the first step, at every sign of life and after every epoch: it may read the network's weights. */
  readonly look?: ((network: Network) => void) | undefined
  /** Called after every step. */
  readonly onStep?: ((step: TrainingStep) => void) | undefined
  /** The tensors that `onStep` reads, by name: `gradient of dense_1/kernel`. */
  readonly read?: readonly string[] | undefined
  /** Leaves out the last batch of an epoch where it is not a whole one; false unless told otherwise. */
  readonly dropLast?: boolean | undefined
}

/** How a run ended, with the weights of its best epoch (the initial ones, epoch 0, where none was completed). */
export interface TrainingResult {
  readonly status: 'finished' | 'interrupted' | 'diverged'
  readonly bestEpoch: number
  readonly weights: readonly NamedTensor[]
}

/** What can be written down so that training goes on from here; not an event of the record. */
export interface StateEvent {
  readonly type: 'state'
  readonly checkpoint: Checkpoint
  /** `confusion[truth][predicted]` counts the validation images: shape [classes, classes]. */
  readonly confusion: readonly (readonly number[])[]
}

/** All that training tells: the events of a record, signs of life, and states to go on from. */
export type TrainingEvent = RunEvent | ProgressEvent | StateEvent

type Stream<Result> = AsyncGenerator<TrainingEvent, Result, undefined>

function share(at: string, value: number | undefined) {
  if (value === undefined || (value >= 0 && value < 1)) return
  throw new InputError({ at, expected: 'a number from 0 and below 1', received: `${value}` })
}

function checkOptions(options: TrainingOptions) {
  const { model, data, epochs, batch = 32, earlyStopping, seed = 1, monitor = 'val-loss' } = options
  const whole = (at: string, value: number, least: number) => {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InputError({ at, expected: `a whole number from ${least}`, received: `${value}` })
    }
  }
  whole('epochs', epochs, 1)
  whole('batch', batch, 1)
  whole('seed', seed, 0)
  if (earlyStopping) whole('early stopping: patience', earlyStopping.patience, 1)
  if (earlyStopping && !(earlyStopping.minDelta >= 0)) {
    const expected = 'a number from 0'
    throw new InputError({ at: 'early stopping: minDelta', expected, received: `${earlyStopping.minDelta}` })
  }
  if (!monitors.includes(monitor)) {
    throw new InputError({ at: 'monitor', expected: monitors.join(' or '), received: `"${monitor}"` })
  }
  share('label smoothing', options.labelSmoothing)
  share('averaging', options.averaging)
  if (options.clipNorm !== undefined && !(options.clipNorm > 0 && Number.isFinite(options.clipNorm))) {
    throw new InputError({ at: 'clip norm', expected: 'a number above 0', received: `${options.clipNorm}` })
  }
  if (data.train.length === 0 || data.validation.length === 0) {
    throw new InputError({
      at: 'data',
      expected: 'images to learn from and images to validate on',
      received: 'none',
    })
  }
  checkImages(model, [data.height, data.width, data.channels], data.classes)
}

/**
 * Trains a network and tells how it goes as a stream of events; the generator's return value holds the best weights.
 * Equal options give equal weights, bit for bit, whatever the threads. Throws an InputError before the first step.
 */
export async function* train(options: TrainingOptions): Stream<TrainingResult> {
  checkOptions(options)
  const { data, batch = 32 } = options
  const schedule = parse(scheduleSpec, options.schedule ?? { kind: 'constant' }, 'schedule')
  const augmented = options.augmentation && parse(augmentation, options.augmentation, 'augmentation')
  const root = key(options.seed ?? 1)
  const chosen = optimizer(options.optimizer ?? { kind: 'sgd' })
  const network = openNetwork(options.model, options.engine, {
    batch,
    ...(options.preprocessing ?? unitInterval),
    loss: options.loss ?? 'cross-entropy',
    key: root.child('layers'),
    optimizer: chosen,
    labelSmoothing: options.labelSmoothing,
    clipNorm: options.clipNorm,
    averages: options.averaging !== undefined,
    augmentation:
      augmented &&
      augmentationAttributes(
        augmented,
        [data.height, data.width, data.channels],
        root.child('layers').child('augmentation'),
      ),
    read: options.read,
  })
  try {
    initializeWeights(network, root.child('weights'))
    if (options.resume) restoreState(network, options.resume)
    options.look?.(network)
    yield {
      type: 'started',
      time: new Date().toISOString(),
      epochs: options.epochs,
      stepsPerEpoch: stepsOf(data.train.length, { batch, dropLast: options.dropLast }),
      trainImages: data.train.length,
      validationImages: data.validation.length,
    }
    return yield* trainOpened(network, chosen, root, { ...options, schedule })
  } finally {
    network.close()
  }
}

/** Epoch after epoch until all are done, none helps any more, or something stops it. */
async function* trainOpened(
  network: Network,
  chosen: Optimizer,
  root: Key,
  options: TrainingOptions & { readonly schedule: Schedule },
): Stream<TrainingResult> {
  const { data, epochs, batch = 32, earlyStopping, monitor = 'val-loss', resume } = options
  const steps = stepsOf(data.train.length, { batch, dropLast: options.dropLast })
  const { learningRate } = chosen.spec
  const began = performance.now() - 1000 * (resume?.seconds ?? 0)
  const initial = getWeights(network)
  let best: BestEpoch | undefined = resume?.best
  let epoch = resume?.epoch ?? 0
  const result = (status: TrainingResult['status']): TrainingResult => ({
    status,
    bestEpoch: best?.epoch ?? 0,
    weights: best?.weights ?? initial,
  })
  const exhausted = () =>
    earlyStopping !== undefined && best !== undefined && epoch - best.epoch >= earlyStopping.patience

  while (epoch < epochs && !exhausted()) {
    epoch += 1
    const epochBegan = performance.now()
    const trained = yield* trainEpoch(
      network,
      { ...data, order: data.train },
      {
        epoch,
        batch,
        learningRate: (step) => learningRate * rateFactor(options.schedule, step, steps, epochs),
        averaging: options.averaging ?? 0,
        key: root.child('order'),
        signal: options.signal,
        look: options.look,
        onStep: options.onStep,
        dropLast: options.dropLast,
      },
    )
    if (trained.cut?.type === 'diverged') {
      yield diverged(epoch, trained.cut.step, trained.loss)
      return result('diverged')
    }
    if (trained.cut) {
      yield interrupted(epoch, trained.cut.step)
      return result('interrupted')
    }
    const { validation, confusion } = await validate(network, { ...data, order: data.validation })
    const value = monitor === 'val-loss' ? validation.loss : validation.accuracy
    const event = epochEvent(epoch, trained, validation, {
      best: improves(monitor, value, best, earlyStopping?.minDelta),
      valPredictedCounts: confusion[0].map((_, c) => confusion.reduce((sum, row) => sum + row[c], 0)),
      seconds: (performance.now() - epochBegan) / 1000,
    })
    yield event
    if (!Number.isFinite(validation.loss)) {
      yield diverged(epoch, steps, validation.loss)
      return result('diverged')
    }
    options.look?.(network)
    const state = takeState(network)
    if (event.best || best === undefined) best = { epoch, value, weights: getWeights(network), event }
    const seconds = (performance.now() - began) / 1000
    yield { type: 'state', checkpoint: { epoch, seconds, ...state, best }, confusion }
  }
  if (best === undefined) throw new Error('Training ended before its first epoch.')
  if (epoch < epochs) yield stoppedEarly(epoch, best, options)
  yield finished(epoch, best, data.train.length * epoch, (performance.now() - began) / 1000)
  return result('finished')
}

/** JSON has no NaN: a figure that is not finite is written as null. */
const figure = (x: number) => (Number.isFinite(x) ? x : null)

function epochEvent(
  epoch: number,
  trained: EpochResult,
  validation: Measurement,
  more: Pick<EpochEvent, 'best' | 'seconds' | 'valPredictedCounts'>,
): EpochEvent {
  const { loss, accuracy, imagesPerSecond, learningRate } = trained
  const [valLoss, valAccuracy] = [figure(validation.loss), figure(validation.accuracy)]
  return {
    type: 'epoch',
    epoch,
    loss,
    accuracy,
    valLoss,
    valAccuracy,
    imagesPerSecond,
    learningRate,
    ...more,
  }
}

function diverged(epoch: number, step: number, loss: number): RunEvent {
  const message =
    `The loss became ${loss} in epoch ${epoch}, step ${step}. ` +
    'Try a smaller learning rate or another initialization.'
  return { type: 'failed', reason: 'diverged', epoch, step, message }
}

function interrupted(epoch: number, step: number): RunEvent {
  const message = `Interrupted in epoch ${epoch}, after step ${step}.`
  return { type: 'stopped', reason: 'interrupted', epoch, message }
}

function stoppedEarly(
  epoch: number,
  best: BestEpoch,
  { earlyStopping, monitor = 'val-loss' }: TrainingOptions,
): RunEvent {
  const patience = earlyStopping?.patience ?? 0
  const message =
    `No better ${monitor === 'val-loss' ? 'validation loss' : 'validation accuracy'} for ` +
    `${patience} ${patience === 1 ? 'epoch' : 'epochs'}; the weights of epoch ${best.epoch} are kept.`
  return { type: 'stopped', reason: 'early-stopping', epoch, message }
}

function finished(epochs: number, best: BestEpoch, images: number, seconds: number): RunEvent {
  return {
    type: 'finished',
    epochs,
    bestEpoch: best.epoch,
    seconds,
    imagesPerSecond: images / seconds,
    weightsHash: hashWeights(best.weights),
    validation: { loss: best.event.valLoss, accuracy: best.event.valAccuracy },
  }
}

/** Measures, and counts which images were given to which class, with pauses, so that a screen and Ctrl-C get their turn. */
async function validate(
  network: Network,
  examples: Examples,
): Promise<{ readonly validation: Measurement; readonly confusion: number[][] }> {
  const { classes } = network
  const { labels, order } = examples
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const steps = measureInSteps(network, examples, (start, probabilities) => {
    for (let i = 0; i < probabilities.length / classes; i++) {
      confusion[labels[order[start + i]]][argmax(probabilities, i * classes, classes)] += 1
    }
  })
  for (;;) {
    const step = steps.next()
    if (step.done) return { validation: step.value, confusion }
    await pause()
  }
}
