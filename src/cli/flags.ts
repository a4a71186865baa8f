import { InputError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { numberFrom, type Range, spokenRange } from '../base/range.ts'
import type { Flag, Invocation } from './command.ts'

type Flags = Invocation['flags']

/** A range, and what people usually take, as a hint. */
type UsualRange = Range & { readonly usual: number }

/** A number from a flag; undefined where the flag is absent. */
export function numberFlag(flags: Flags, name: string, range: UsualRange): number | undefined {
  const text = textFlag(flags, name)
  if (text === undefined) return undefined
  const value = numberFrom(text, range)
  if (value !== undefined) return value
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
export const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** The flags that choose where and how to compute. */
export const engineFlags: readonly Flag[] = [
  { flags: '--threads <n>', text: 'number of threads; the results are the same bits with any' },
  { flags: '--backend <name>', text: 'native, wasm or reference' },
  { flags: '--arithmetic <name>', text: 'strict or fused' },
]
