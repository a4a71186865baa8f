import { chooseBackend } from '../src/engine/choose.ts'
import { type NetworkName, namedNetworks, network } from '../src/model/named.ts'
import { arithmeticOf } from './arithmetic.ts'
import { type Contender, interleave } from './interleave.ts'
import type { Options } from './options.ts'
import { availableWays, contender, openFilled } from './ours.ts'
import { peakContender, peakName, peakRate } from './peak.ts'
import { startPeers } from './peers/index.ts'
import type { Spread } from './statistics.ts'

/** How fast one engine takes a training step. */
export interface StepResult {
  readonly engine: string
  /** Ours, on so many threads; null for a peer. */
  readonly threads: 1 | 2 | null
  readonly milliseconds: Spread
  readonly imagesPerSecond: number
  readonly gflops: number
  /** Of the fused peak on as many threads; null for a peer. */
  readonly share: number | null
}

export interface NetworkResult {
  readonly network: NetworkName
  readonly batch: number
  /** Operations of a step. */
  readonly operations: number
  /** The most GFLOP/s of fused multiply-adds that the run met, on one and on two threads. */
  readonly peak: readonly [number, number]
  readonly steps: readonly StepResult[]
  /** The peers' own words for themselves. */
  readonly versions: readonly string[]
  readonly missing: readonly string[]
}

const kindOf = (name: NetworkName) => (name.startsWith('cnn') ? 'cnn' : 'mlp')

/** Times a network's training step on every engine, ours and the peers', in turn. */
export async function benchNetwork(name: NetworkName, options: Options): Promise<NetworkResult> {
  const { batch, pace } = options
  const peerNetwork = { name, kind: kindOf(name), widths: namedNetworks[name].widths, batch } as const
  const [peers, missing] = options.peers ? await startPeers(peerNetwork, options.allPeers) : [[], []]
  const available = availableWays()
  const ours = available.ways.map((way) =>
    contender(way.name, openFilled(network(name), chooseBackend(way), batch), 'train'),
  )
  const threads = [1, 2] as const
  const peaks = threads.map((count) => peakContender('fused', count))
  const contenders: Contender[] = [...ours, ...peers, ...peaks]
  try {
    const times = await interleave(contenders, pace)
    const operations = batch * arithmeticOf(network(name)).training
    const peak = (count: 1 | 2) => peakRate(times.get(peakName('fused', count))!.least)
    const result = (engine: string, own: StepResult['threads']): StepResult => {
      const milliseconds = times.get(engine)!
      return {
        engine,
        threads: own,
        milliseconds,
        imagesPerSecond: (1000 * batch) / milliseconds.median,
        gflops: operations / milliseconds.median / 1e6,
        share: null,
      }
    }
    return {
      network: name,
      batch,
      operations,
      peak: [peak(1), peak(2)],
      steps: [
        ...available.ways.map((way) => result(way.name, way.threads === 1 ? 1 : 2)),
        ...peers.map((peer) => result(peer.name, null)),
      ],
      versions: [...new Set(peers.map((peer) => peer.version))],
      missing: [...available.missing, ...missing],
    }
  } finally {
    for (const each of contenders) each.close()
  }
}

/** Holds every network to the same peak: the greatest, for a disturbance can only have lowered the others. */
export function withShares(results: readonly NetworkResult[]): NetworkResult[] {
  const best = (i: 0 | 1) => Math.max(...results.map(({ peak }) => peak[i]))
  const peak = [best(0), best(1)] as const
  const withShare = (step: StepResult): StepResult => ({
    ...step,
    share: step.threads && step.gflops / peak[step.threads - 1],
  })
  return results.map((result) => ({ ...result, peak, steps: result.steps.map(withShare) }))
}
