import { z } from 'zod'
import { wasm } from '../../src/engine/wasm.ts'
import { openLens } from '../../src/evaluation/activations.ts'
import { type Engine, getWeights, type NamedTensor, type Network } from '../../src/model/network.ts'
import { describeData, type SplitDataset } from '../../src/record/split-dataset.ts'
import { hashWeights, weightsFile } from '../../src/record/weights.ts'
import { trainingOf } from '../../src/training/from-settings.ts'
import type { TrainingEvent } from '../../src/training/train.ts'
import { openData, summarizeData } from './data.ts'
import { faultOf } from './faults.ts'
import type { Command, DataSummary, Report, TrainingWish } from './protocol.ts'
import { filterTiles, outputTiles } from './tiles.ts'

z.config({ jitless: true }) // the page's policy forbids code from text

/** Milliseconds between two looks at a network that learns. */
const LOOK = 700

const engine: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
/** Layers that only hand on what another gave. */
const unseen = ['input', 'flatten', 'dropout']
const tell = (report: Report) => self.postMessage(report)

let opened: { readonly data: SplitDataset; readonly summary: DataSummary } | undefined
let stopping = new AbortController()
let gate: Promise<void> | undefined
let openGate = () => {}
let shown = 0
let lookAgain: (() => void) | undefined

/** Lets a person see through a network: a lens of its own takes the weights now and then. */
function openLook({ model, settings }: TrainingWish, { height, width, channels, gallery }: DataSummary) {
  const lens = openLens(model, engine, settings.preprocessing)
  const size = height * width * channels
  let last = Number.NEGATIVE_INFINITY
  let known: readonly NamedTensor[] = []
  const lookAt = (weights: readonly NamedTensor[]) => {
    known = weights
    lens.setWeights(weights)
    const pixels = gallery.pixels.slice(shown * size, (shown + 1) * size)
    const { layers, probabilities } = lens.show(pixels)
    const look = {
      filters: filterTiles(weights, [height, width, channels]),
      activations: layers.filter(({ kind }) => !unseen.includes(kind)).map(outputTiles),
      probabilities: [...probabilities],
      image: shown,
    }
    tell({ type: 'look', look })
  }
  return {
    lookAt,
    lookAgain: () => lookAt(known),
    look(network: Network) {
      if (performance.now() - last < LOOK) return
      last = performance.now()
      lookAt(getWeights(network))
    },
  }
}

function passOn(event: TrainingEvent): void {
  if (event.type === 'state') tell({ type: 'confusion', confusion: event.confusion })
  else tell({ type: 'event', event })
}

async function train(wish: TrainingWish): Promise<void> {
  if (opened === undefined) throw new Error('There are no data to train on.')
  const { data, summary } = opened
  stopping = new AbortController()
  gate = undefined
  const { look, lookAt, lookAgain: again } = openLook(wish, summary)
  lookAgain = again
  const stream = trainingOf({ data, ...wish, engine, signal: stopping.signal }, { look })
  for (;;) {
    await gate
    const step = await stream.next()
    if (step.done) {
      const { status, bestEpoch, weights } = step.value
      lookAt(weights)
      const file = fileOf(wish, data, weights)
      return tell({ type: 'ended', outcome: { status, bestEpoch, weightsHash: hashWeights(weights), file } })
    }
    passOn(step.value)
  }
}

const fileOf = (wish: TrainingWish, data: SplitDataset, weights: readonly NamedTensor[]) =>
  weightsFile(weights, {
    ...wish,
    name: wish.model.name,
    data: describeData(data),
    engine: { backend: 'wasm', variant: wasm.variant, arithmetic: 'strict', threads: 1 },
  }) as Uint8Array<ArrayBuffer>

async function open({ data, validation }: Extract<Command, { type: 'open' }>): Promise<void> {
  opened = undefined
  lookAgain = undefined
  const split = await openData(data, validation)
  opened = { data: split, summary: summarizeData(split) }
  shown = 0
  tell({ type: 'data', summary: opened.summary })
}

function handle(command: Command): void {
  switch (command.type) {
    case 'open':
      open(command).catch((error) => tell({ type: 'noData', fault: faultOf(error) }))
      return
    case 'train':
      train(command).catch((error) => tell({ type: 'failed', fault: faultOf(error) }))
      return
    case 'pause':
      gate ??= new Promise((resolve) => {
        openGate = resolve
      })
      return
    case 'goOn':
    case 'stop':
      if (command.type === 'stop') stopping.abort()
      openGate()
      gate = undefined
      return
    case 'show':
      shown = command.image
      lookAgain?.()
      return
    default:
      command satisfies never
  }
}

self.onmessage = ({ data }: MessageEvent<Command>) => handle(data)
