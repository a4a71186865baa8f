import { InputError } from '../base/errors.ts'
import type { Flag, Invocation } from './command.ts'
import { nearest } from './nearest.ts'

type Flags = Invocation['flags']

interface Range {
  readonly whole?: boolean
  readonly least?: number
  readonly most?: number
  /** The value must be greater than this. */
  readonly above?: number
  /** The value must be less than this. */
  readonly below?: number
  /** What people usually take, as a hint. */
  readonly usual: number
}

function spokenRange({ whole, least, most, above, below }: Range): string {
  const bounds = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `from ${least}`,
    most === undefined ? '' : `up to ${most}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((part) => part !== '')
  return `${whole ? 'a whole number' : 'a number'} ${bounds.join(least !== undefined && most !== undefined ? ' ' : ' and ')}`
}

/** `0.5`, `.5`, `1e-3`; no other notation, which is more often a slip than a wish. */
const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** A number from a flag; undefined where the flag is absent. */
export function numberFlag(flags: Flags, name: string, range: Range): number | undefined {
  const text = textFlag(flags, name)
  if (text === undefined) return undefined
  const value = decimal.test(text.trim()) ? Number(text) : Number.NaN
  const { whole = false, least = -Infinity, most = Infinity, above = -Infinity, below = Infinity } = range
  const fits = value >= least && value <= most && value > above && value < below
  if (fits && Number.isFinite(value) && (!whole || Number.isSafeInteger(value))) return value
  const hint = `${range.usual} is usual.`
  throw new InputError({ at: `--${name}`, expected: spokenRange(range), received: `"${text}"`, hint })
}

/** One of a few words from a flag; undefined where the flag is absent. */
export function choiceFlag<const T extends string>(
  flags: Flags,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = textFlag(flags, name)
  if (text === undefined) return undefined
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  const parts = { at: `--${name}`, expected: `one of ${choices.join(', ')}`, received: `"${text}"` }
  const meant = nearest(text, choices)
  throw new InputError(meant === undefined ? parts : { ...parts, hint: `Did you mean ${meant}?` })
}

/** Refuses flags that would change nothing here: to be asked for and left out is worse than an error. */
export function refuse(flags: Flags, names: readonly string[], needed: string, received: string) {
  const idle = names.find((name) => ![undefined, true].includes(flags[name] as undefined))
  if (idle === undefined) return
  const flag =
    idle === 'nesterov' ? '--no-nesterov' : `--${idle.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
  throw new InputError({ at: flag, expected: needed, received, hint: 'Leave this flag out.' })
}

/** Text from a flag; undefined where it is absent. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const text = flags[camel(name)]
  if (typeof text !== 'string') return undefined
  if (text.trim() !== '') return text
  throw new InputError({
    at: `--${name}`,
    expected: 'a value',
    received: '""',
    hint: 'Leave the flag out for its default.',
  })
}

/** `learning-rate` → `learningRate`, as commander names it. */
const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** The flags that choose where and how to compute. */
export const engineFlags: readonly Flag[] = [
  { flags: '--threads <n>', text: 'threads that share the work (the bits do not depend on it)' },
  { flags: '--backend <name>', text: 'native, wasm or reference' },
  { flags: '--arithmetic <name>', text: 'strict or fused' },
]
