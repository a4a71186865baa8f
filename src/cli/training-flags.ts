import { InputError } from '../base/errors.ts'
import { readFlags } from '../recipe/flags.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import type { Invocation } from './command.ts'
import { camel, refuse, textFlag } from './flags.ts'

type Flags = Invocation['flags']

/** Several seeds from `--seeds 1,2,3`; undefined where the flag is absent. */
export function seedsOf(flags: Flags): readonly number[] | undefined {
  const text = textFlag(flags, 'seeds')
  if (text === undefined) return undefined
  if (textFlag(flags, 'seed') !== undefined) refuse(flags, ['seed'], 'either --seed or --seeds', 'both')
  const seeds = text.split(',').map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : Number.NaN))
  if (seeds.every(Number.isSafeInteger) && seeds.length > 1 && new Set(seeds).size === seeds.length)
    return seeds
  const expected = 'two different whole numbers or more, with commas between'
  throw new InputError({ at: '--seeds', expected, received: `"${text}"`, hint: '1,2,3 is usual.' })
}

/** What commander keeps of a flag: `--no-x` makes x false, `--x` alone makes it true. */
function typed(flags: Flags, flag: string): string | undefined {
  const [, off] = /^no-(.*)/.exec(flag) ?? []
  if (off !== undefined) return flags[camel(off)] === false ? 'yes' : undefined
  const value = flags[camel(flag)]
  return value === true ? 'yes' : typeof value === 'string' ? value : undefined
}

/** Reads everything that training is asked for; throws the first error. */
export function settingsOf(flags: Flags): RecipeInput {
  const { given, errors } = readFlags((flag) => typed(flags, flag))
  for (const error of errors.values()) throw error
  return given
}
