import { z } from 'zod'
import type { Engine } from '../../src/engine/backend.ts'
import { wasm } from '../../src/engine/wasm.ts'
import { openLens } from '../../src/evaluation/activations.ts'
import { getWeights, type NamedTensor, type Network } from '../../src/model/network.ts'
import type { Recipe } from '../../src/recipe/settings.ts'
import { describeData, type SplitDataset } from '../../src/record/split-dataset.ts'
import { hashWeights, weightsFile } from '../../src/record/weights.ts'
import { recipeOf, trainingOf } from '../../src/training/from-settings.ts'
import type { TrainingEvent } from '../../src/training/train.ts'
import { faultOf } from '../base/fault.ts'
import { openData, summarizeData } from './data.ts'
import type { Command, DataSummary, Report, TrainingRequest } from './protocol.ts'
import { filterTiles, outputTiles } from './tiles.ts'

z.config({ jitless: true }) // the page's policy forbids code from text

/** Milliseconds between two snapshots of a network that trains. */
const PERIOD = 700

const engine: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
/** Layers that only pass on what another gave. */
const passive = ['input', 'flatten', 'dropout']
const tell = (report: Report) => self.postMessage(report)

let opened: { readonly data: SplitDataset; readonly summary: DataSummary } | undefined
let stopping = new AbortController()
let gate: Promise<void> | undefined
let openGate = () => {}
let shown = 0
let retake: (() => void) | undefined

/** Takes snapshots of a network: a lens of its own is given the weights now and then. */
function openSnapshots({ model, settings }: Training, { height, width, channels, gallery }: DataSummary) {
  const lens = openLens(model, engine, settings.preprocessing)
  const size = height * width * channels
  let last = Number.NEGATIVE_INFINITY
  let known: readonly NamedTensor[] = []
  const take = (weights: readonly NamedTensor[]) => {
    known = weights
    lens.setWeights(weights)
    const pixels = gallery.pixels.slice(shown * size, (shown + 1) * size)
    const { layers, probabilities } = lens.show(pixels)
    const snapshot = {
      filters: filterTiles(weights, [height, width, channels]),
      activations: layers.filter(({ kind }) => !passive.includes(kind)).map(outputTiles),
      probabilities: [...probabilities],
      image: shown,
    }
    tell({ type: 'snapshot', snapshot })
  }
  return {
    take,
    retake: () => take(known),
    takeOf(network: Network) {
      if (performance.now() - last < PERIOD) return
      last = performance.now()
      take(getWeights(network))
    },
  }
}

function passOn(event: TrainingEvent): void {
  if (event.type === 'state') tell({ type: 'confusion', confusion: event.confusion })
  else tell({ type: 'event', event })
}

/** What is trained, every setting said. */
interface Training extends TrainingRequest {
  readonly settings: Recipe
}

async function train({ model, settings }: TrainingRequest): Promise<void> {
  if (opened === undefined) throw new Error('There is no data to train on.')
  const { data, summary } = opened
  const request: Training = { model, settings: recipeOf({ data, model, settings }) }
  stopping = new AbortController()
  gate = undefined
  const snapshots = openSnapshots(request, summary)
  retake = snapshots.retake
  const stream = trainingOf({ data, ...request, engine, signal: stopping.signal }, { look: snapshots.takeOf })
  for (;;) {
    await gate
    const step = await stream.next()
    if (step.done) {
      const { status, bestEpoch, weights } = step.value
      snapshots.take(weights)
      const file = fileOf(request, data, weights)
      return tell({ type: 'ended', outcome: { status, bestEpoch, weightsHash: hashWeights(weights), file } })
    }
    passOn(step.value)
  }
}

const fileOf = (request: Training, data: SplitDataset, weights: readonly NamedTensor[]) =>
  weightsFile(weights, {
    ...request,
    name: request.model.name,
    data: describeData(data),
    engine: { backend: 'wasm', variant: wasm.variant, arithmetic: 'strict', threads: 1 },
  }) as Uint8Array<ArrayBuffer>

async function open({ data, validation }: Extract<Command, { type: 'open' }>): Promise<void> {
  opened = undefined
  retake = undefined
  const split = await openData(data, validation)
  opened = { data: split, summary: summarizeData(split) }
  shown = 0
  tell({ type: 'data', summary: opened.summary })
}

function handle(command: Command): void {
  switch (command.type) {
    case 'open':
      open(command).catch((error) => tell({ type: 'dataFailed', fault: faultOf(error) }))
      return
    case 'train':
      train(command).catch((error) => tell({ type: 'failed', fault: faultOf(error) }))
      return
    case 'pause':
      gate ??= new Promise((resolve) => {
        openGate = resolve
      })
      return
    case 'resume':
    case 'stop':
      if (command.type === 'stop') stopping.abort()
      openGate()
      gate = undefined
      return
    case 'show':
      shown = command.image
      retake?.()
      return
    default:
      command satisfies never
  }
}

self.onmessage = ({ data }: MessageEvent<Command>) => handle(data)
