import { InputError } from '../base/errors.ts'
import { assemble } from './assemble.ts'
import type { Dataset } from './dataset.ts'
import { fashionClassNames } from './fashion-mnist.ts'
import { drawSilhouettes } from './silhouettes/silhouettes.ts'

/** How many silhouettes to draw, and from which seed. */
export interface SilhouetteOptions {
  readonly train: number
  readonly test: number
  readonly seed: number
}

const defaults: SilhouetteOptions = { train: 12_000, test: 2_000, seed: 1 }

/** More would not fit into memory on small machines: 784 bytes each. */
const MOST = 1_000_000

/** Reads `train=1000,test=200,seed=3`; what is not said keeps its default. */
export function parseSilhouettes(text: string | undefined): SilhouetteOptions {
  const pairs = (text ?? '').split(',').filter((pair) => pair !== '')
  return { ...defaults, ...Object.fromEntries(pairs.map(parsePair)) }
}

function parsePair(pair: string): [string, number] {
  const [name, value = ''] = pair.split('=')
  const [least, most] = name === 'seed' ? [0, Number.MAX_SAFE_INTEGER] : [1, MOST]
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (Object.hasOwn(defaults, name) && number >= least && number <= most) return [name, number]
  throw new InputError({
    at: 'silhouettes',
    expected:
      'whole numbers for train, test (up to 1,000,000) or seed, as in silhouettes:train=1000,test=200,seed=3',
    received: `"${pair}"`,
  })
}

/** Only what differs from the defaults. */
export function formatSilhouettes(options: SilhouetteOptions): string {
  const names = ['train', 'test', 'seed'] as const
  return names
    .filter((name) => options[name] !== defaults[name])
    .map((name) => `${name}=${options[name]}`)
    .join(',')
}

/** Draws the set. */
export function loadSilhouettes(source: string, { train, test, seed }: SilhouetteOptions): Dataset {
  return assemble({
    source,
    title: 'Silhouettes',
    classNames: fashionClassNames,
    train: drawSilhouettes(seed, 'train', train),
    test: drawSilhouettes(seed, 'test', test),
  })
}
