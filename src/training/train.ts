import { argmax } from '../base/argmax.ts'
import { ln } from '../base/elementary.ts'
import { InputError } from '../base/errors.ts'
import { pause } from '../base/pause.ts'
import { type Key, key } from '../base/random.ts'
import type { Engine } from '../engine/backend.ts'
import { checkImages } from '../model/compile.ts'
import {
  type Examples,
  getWeights,
  initializeWeights,
  type Measurement,
  measureInSteps,
  type NamedTensor,
  type Network,
  openNetwork,
} from '../model/network.ts'
import { checkOutput, type ModelSpec, resolve } from '../model/spec.ts'
import { augmentationAttributes } from '../recipe/augmentation.ts'
import { improves, monitors } from '../recipe/early-stopping.ts'
import { type Optimizer, optimizer } from '../recipe/optimizer.ts'
import { completeRecipe } from '../recipe/recipe.ts'
import { rateFactor } from '../recipe/schedules.ts'
import type { Recipe, RecipeInput } from '../recipe/settings.ts'
import type { EpochEvent, ProgressEvent, RunEvent } from '../record/events.ts'
import { hashWeights } from '../record/weights.ts'
import { checkTrainingData } from './check-data.ts'
import { type BestEpoch, type Checkpoint, checkResumed, restoreState, takeState } from './checkpoint.ts'
import { type TrainingData, taskOf } from './data.ts'
import { type EpochResult, stepsOf, type TrainingStep, trainEpoch } from './epoch.ts'

/** What to train, on what, where and how; whatever is left out has its default. */
export interface TrainingOptions extends RecipeInput {
  readonly model: ModelSpec
  readonly data: TrainingData
  readonly engine: Engine
  /** Goes on from here instead of from the initial weights; everything else must be as it was. */
  readonly resume?: Checkpoint | undefined
  /** Training ends after the step in which this is aborted. */
  readonly signal?: AbortSignal | undefined
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

function checkData({ model, data, look, onStep, signal }: TrainingOptions) {
  for (const [at, hook] of Object.entries({ look, onStep })) {
    if (hook === undefined || typeof hook === 'function') continue
    throw new InputError({ at, expected: 'a function', received: typeof hook })
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InputError({ at: 'signal', expected: 'an AbortSignal', received: typeof signal })
  }
  checkTrainingData(data)
  checkOutput(resolve(model))
  checkImages(model, [data.height, data.width, data.channels], data.classes)
}

/**
 * Trains a network and tells how it goes as a stream of events; the generator's return value holds the best weights.
 * Equal options give equal weights, bit for bit, whatever the threads. Throws an InputError before the first step.
 */
export async function* train(options: TrainingOptions): Stream<TrainingResult> {
  const { model, data, engine, resume, signal, look, onStep, read, dropLast, ...given } = options
  checkData(options)
  const recipe = completeRecipe(given, taskOf(model, data))
  if (resume) checkResumed(resume, recipe)
  const { batch, augmentation, averaging } = recipe
  const image = [data.height, data.width, data.channels]
  const root = key(recipe.seed)
  const layers = root.child('layers')
  const chosen = optimizer(recipe.optimizer)
  const network = openNetwork(model, engine, {
    batch,
    ...recipe.preprocessing,
    loss: recipe.loss,
    key: layers,
    optimizer: chosen,
    labelSmoothing: recipe.labelSmoothing,
    clipNorm: recipe.clipNorm,
    averages: averaging !== undefined,
    augmentation: augmentation && augmentationAttributes(augmentation, image, layers.child('augmentation')),
    read,
  })
  try {
    initializeWeights(network, root.child('weights'))
    if (resume) restoreState(network, resume)
    look?.(network)
    yield {
      type: 'started',
      time: new Date().toISOString(),
      epochs: recipe.epochs,
      stepsPerEpoch: stepsOf(data.train.length, { batch, dropLast }),
      trainImages: data.train.length,
      validationImages: data.validation.length,
    }
    return yield* trainOpened(network, chosen, root, { data, recipe, resume, signal, look, onStep, dropLast })
  } finally {
    network.close()
  }
}

/**
 * A training has diverged where its loss is not finite and where even the epoch that is kept has a training loss so many
 * times that of guessing, ln(classes). A loss that rises so far and falls again is no divergence.
 */
const HOPELESS = 10

/** Epoch after epoch until all are done, none helps any more, or something stops it. */
async function* trainOpened(
  network: Network,
  chosen: Optimizer,
  root: Key,
  options: Pick<TrainingOptions, 'data' | 'resume' | 'signal' | 'look' | 'onStep' | 'dropLast'> & {
    readonly recipe: Recipe
  },
): Stream<TrainingResult> {
  const { data, recipe, resume } = options
  const { epochs, batch, schedule, earlyStopping, monitor } = recipe
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
        learningRate: (step) => learningRate * rateFactor(schedule, step, steps, epochs),
        averaging: recipe.averaging ?? 0,
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
    const value = monitors[monitor].value(validation)
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
    yield { type: 'state', checkpoint: { epoch, seconds, recipe, ...state, best }, confusion }
  }
  if (best === undefined) throw new Error('Training ended before its first epoch.')
  const { loss } = best.event
  if (loss !== null && loss > HOPELESS * ln(network.classes)) {
    yield diverged(best.epoch, steps, loss)
    return result('diverged')
  }
  if (epoch < epochs) yield stoppedEarly(epoch, best, recipe)
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
  return { type: 'failed', reason: 'diverged', epoch, step, loss: figure(loss), message }
}

function interrupted(epoch: number, step: number): RunEvent {
  const message = `Interrupted in epoch ${epoch}, after step ${step}.`
  return { type: 'stopped', reason: 'interrupted', epoch, message }
}

function stoppedEarly(epoch: number, best: BestEpoch, { earlyStopping, monitor }: Recipe): RunEvent {
  const patience = earlyStopping?.patience ?? 0
  const message =
    `No better ${monitors[monitor].label} for ` +
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
