import type { NetworkName } from '../src/model/named.ts'
import type { NetworkResult, StepResult } from './networks.ts'

/** How many times PyTorch's speed we mean to reach, fused on two threads, and dream of. */
const bars: Partial<Record<NetworkName, { readonly bar: number; readonly dream: number }>> = {
  'mlp-small': { bar: 4, dream: 8 },
  'mlp-medium': { bar: 4, dream: 8 },
  'mlp-large': { bar: 4, dream: 8 },
  'cnn-small': { bar: 4, dream: 8 },
  'cnn-medium': { bar: 3.5, dream: 5 },
  'cnn-large': { bar: 2.5, dream: 3 },
}

/** A network in one line: ours beside the better of PyTorch's. */
export interface Verdict {
  readonly network: NetworkName
  readonly ours: StepResult
  readonly pytorch: StepResult | undefined
  /** How many times faster. */
  readonly ratio: number | undefined
  readonly strictRatio: number | undefined
  readonly bar: number | undefined
  readonly word: 'dream' | 'reached' | 'missed' | ''
  /** From one thread to two, fused. */
  readonly scaling: number
}

const medianOf = (step: StepResult | undefined) => step?.milliseconds.median ?? Number.NaN

function wordFor(
  ratio: number | undefined,
  goal: { bar: number; dream: number } | undefined,
): Verdict['word'] {
  if (ratio === undefined || goal === undefined) return ''
  if (ratio >= goal.dream) return 'dream'
  return ratio >= goal.bar ? 'reached' : 'missed'
}

export function verdict({ network, steps }: NetworkResult): Verdict {
  const find = (engine: string) => steps.find((step) => step.engine === engine)
  const [pytorch] = steps
    .filter(({ engine }) => engine.startsWith('PyTorch'))
    .toSorted((a, b) => medianOf(a) - medianOf(b))
  const ours = find('fused, 2 threads') ?? steps[0]
  const times = (step: StepResult | undefined) => pytorch && step && medianOf(pytorch) / medianOf(step)
  const ratio = times(ours)
  return {
    network,
    ours,
    pytorch,
    ratio,
    strictRatio: times(find('strict, 2 threads')),
    bar: bars[network]?.bar,
    word: wordFor(ratio, bars[network]),
    scaling: medianOf(find('fused, 1 thread')) / medianOf(ours),
  }
}
