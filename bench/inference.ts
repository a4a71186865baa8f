import process from 'node:process'
import { chooseBackend } from '../src/engine/choose.ts'
import { namedNetworks, network } from '../src/model/named.ts'
import { PREDICTION_BATCH } from '../src/model/network.ts'
import { type Contender, interleave } from './interleave.ts'
import type { Options } from './options.ts'
import { availableWays, contender, openFilled, type Way } from './ours.ts'
import { startInferencePeers } from './peers/index.ts'
import type { Spread } from './statistics.ts'

export interface InferenceResult {
  readonly engine: string
  readonly network: string
  readonly batch: number
  readonly milliseconds: Spread
  readonly imagesPerSecond: number
}

const NETWORK = 'cnn-medium'
const BATCHES = [1, 256]

/** Predicts a batch as the library does: in parts that stay in the caches. */
function predictor(way: Way, batch: number): Contender {
  const part = Math.min(batch, PREDICTION_BATCH)
  const { run, ...rest } = contender(
    way.name,
    openFilled(network(NETWORK), chooseBackend(way), part),
    'evaluate',
  )
  return { ...rest, run: (steps) => run((steps * batch) / part) }
}

/** Times the way forward on single images and on large batches. */
export async function benchInference({ pace, peers }: Options): Promise<InferenceResult[]> {
  const results: InferenceResult[] = []
  for (const batch of BATCHES) {
    const ours = availableWays().ways.map((way) => predictor(way, batch))
    const widths = namedNetworks[NETWORK].widths
    const [others, missing] = peers
      ? await startInferencePeers({ name: NETWORK, kind: 'cnn', widths, batch })
      : [[], []]
    for (const line of missing) process.stderr.write(`${line}\n`)
    const contenders: Contender[] = [...ours, ...others]
    try {
      for (const [engine, milliseconds] of await interleave(contenders, pace)) {
        const imagesPerSecond = (1000 * batch) / milliseconds.median
        results.push({ engine, network: NETWORK, batch, milliseconds, imagesPerSecond })
      }
    } finally {
      for (const each of contenders) each.close()
    }
  }
  return results
}
