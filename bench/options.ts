import { parseArgs } from 'node:util'
import { isNetworkName, type NetworkName } from '../src/model/named.ts'
import type { Pace } from './interleave.ts'

export const sections = ['networks', 'kernels', 'inference'] as const
export type Section = (typeof sections)[number]

export interface Options {
  readonly networks: readonly NetworkName[]
  readonly sections: readonly Section[]
  readonly pace: Pace
  /** Of training. */
  readonly batch: number
  readonly peers: boolean
  /** Also peers that need minutes a step. */
  readonly allPeers: boolean
  readonly quick: boolean
  readonly json: boolean
  readonly save: boolean
}

const usage = `npm run bench -- [options]
  --networks A,B    of mlp-small, mlp-medium, mlp-large, cnn-small, cnn-medium, cnn-large (all of them)
  --sections A,B    of ${sections.join(', ')} (all of them)
  --rounds N        how often everything is timed, in turn (15; 5 with --quick)
  --batch N         images a training step (32)
  --quick           short rounds: to see that it works, not to be believed
  --no-peers        only what is ours
  --all-peers       also those that need minutes a step
  --no-save         add nothing to bench/history.jsonl
  --json            one JSON document on standard output`

function fail(sentence: string): never {
  process.stderr.write(`bench: ${sentence}\n\n${usage}\n`)
  process.exit(2)
}

const named = ['mlp-small', 'mlp-medium', 'mlp-large', 'cnn-small', 'cnn-medium', 'cnn-large'] as const

function list<T extends string>(text: string | undefined, known: readonly T[]): readonly T[] {
  const words = text?.split(',') ?? known
  const isKnown = (word: string): word is T => known.some((other) => other === word)
  return words.map((word) =>
    isKnown(word) ? word : fail(`expected some of ${known.join(', ')}, not "${word}"`),
  )
}

function whole(text: string, name: string): number {
  const value = Number(text)
  return Number.isSafeInteger(value) && value > 0
    ? value
    : fail(`--${name}: expected a number from 1, not "${text}"`)
}

const flags = {
  networks: { type: 'string' },
  sections: { type: 'string' },
  rounds: { type: 'string' },
  batch: { type: 'string', default: '32' },
  quick: { type: 'boolean', default: false },
  peers: { type: 'boolean', default: true },
  'all-peers': { type: 'boolean', default: false },
  save: { type: 'boolean', default: true },
  json: { type: 'boolean', default: false },
} as const

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowNegative: true }).values
  } catch (error) {
    return fail((error as Error).message)
  }
}

export function readOptions(args: readonly string[]): Options {
  const { networks, sections: wanted, rounds, batch, 'all-peers': allPeers, ...rest } = parse(args)
  const { quick } = rest
  return {
    ...rest,
    networks: list(networks, named).filter(isNetworkName),
    sections: list(wanted, sections),
    pace: { rounds: whole(rounds ?? (quick ? '5' : '15'), 'rounds'), milliseconds: quick ? 30 : 150 },
    batch: whole(batch, 'batch'),
    allPeers,
  }
}
