import { InputError } from '../base/errors.ts'
import { assemble } from './assemble.ts'
import type { Dataset } from './dataset.ts'
import { fashionClassNames } from './fashion-mnist.ts'
import { drawSilhouettes } from './silhouettes/silhouettes.ts'

/** How many silhouettes to draw, and from which seed. */
export interface SilhouetteOptions {
  /** 12,000 unless told otherwise. */
  readonly train?: number
  /** 2,000 unless told otherwise. */
  readonly test?: number
  /** 1 unless told otherwise. */
  readonly seed?: number
}

const defaults: Required<SilhouetteOptions> = { train: 12_000, test: 2_000, seed: 1 }
type Name = keyof SilhouetteOptions

/** More would not fit into memory on small machines: 784 bytes each. */
const MOST = 1_000_000

function isPossible(name: string, value: number): name is Name {
  const [least, most] = name === 'seed' ? [0, Number.MAX_SAFE_INTEGER] : [1, MOST]
  return Object.hasOwn(defaults, name) && Number.isSafeInteger(value) && value >= least && value <= most
}

const refusal = (received: string) =>
  new InputError({
    at: 'silhouettes',
    expected:
      'whole numbers for train, test (up to 1,000,000) or seed, as in silhouettes:train=1000,test=200,seed=3',
    received,
  })

/** Reads `train=1000,test=200,seed=3`; what is not said keeps its default. */
export function parseSilhouettes(text: string | undefined): SilhouetteOptions {
  const pairs = (text ?? '').split(',').filter((pair) => pair !== '')
  return { ...defaults, ...Object.fromEntries(pairs.map(parsePair)) }
}

function parsePair(pair: string): [Name, number] {
  const [name, value = ''] = pair.split('=')
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (isPossible(name, number)) return [name, number]
  throw refusal(`"${pair}"`)
}

/** Only what differs from the defaults. */
export function formatSilhouettes(options: SilhouetteOptions): string {
  const names = ['train', 'test', 'seed'] as const
  return names
    .filter((name) => (options[name] ?? defaults[name]) !== defaults[name])
    .map((name) => `${name}=${options[name]}`)
    .join(',')
}

/** Draws the set. */
export function loadSilhouettes(source: string, options: SilhouetteOptions): Dataset {
  for (const name of ['train', 'test', 'seed'] as const) {
    const value = options[name] ?? defaults[name]
    if (!isPossible(name, value)) throw refusal(`${name}: ${value}`)
  }
  const { train, test, seed } = { ...defaults, ...options }
  return assemble({
    source,
    title: 'Silhouettes',
    classNames: fashionClassNames,
    train: drawSilhouettes(seed, 'train', train),
    test: drawSilhouettes(seed, 'test', test),
  })
}
