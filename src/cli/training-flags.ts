import { InputError } from '../base/errors.ts'
import { flagRows } from '../recipe/flag-rows.ts'
import { readFlags } from '../recipe/flags.ts'
import { networkOptions, networkOptionsFrom } from '../recipe/network-options.ts'
import type { Given, Settings } from '../recipe/setting.ts'
import { type RecipeInput, settings } from '../recipe/settings.ts'
import { splitOptions } from '../recipe/split-options.ts'
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

/** Reads the flags of some settings; throws the first error. */
function read<O extends Settings>(of: O, flags: Flags): Given<O> {
  const { given, errors } = readFlags(of, (flag) => typed(flags, flag))
  for (const error of errors.values()) throw error
  return given
}

/** How to train. */
export const recipeFrom = (flags: Flags): RecipeInput => read(settings, flags)

/** The flags of what a named network leaves open, as commander names them. */
export const networkFlags = flagRows(networkOptions).map(({ flag }) => camel(flag))

/** What a named network leaves open. */
export const networkOptionsOf = (flags: Flags) => networkOptionsFrom(read(networkOptions, flags))

/** The share of the training images to validate on. */
export const validationShare = (flags: Flags) =>
  read(splitOptions, flags).validation ?? splitOptions.validation.default
