import { InputError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { parse } from '../base/parse.ts'
import { numberFrom, spokenRange } from '../base/range.ts'
import { givenCheck } from './check.ts'
import { listWords, plain } from './flag-rows.ts'
import { flagOf, headOf, readSettings, type Source } from './read.ts'
import type { Given, Setting, Settings } from './setting.ts'
import { type RecipeInput, settings } from './settings.ts'

/** What is given for a flag; a flag without a value gives `yes`. */
export type Texts = (flag: string) => string | undefined

/** The value that a text says; throws an InputError where it says none. */
function valueFrom(setting: Setting, text: string, at: string): unknown {
  const received = `"${text}"`
  if (text.trim() === '') {
    throw new InputError({ at, expected: 'a value', received, hint: 'Leave the flag out for its default.' })
  }
  switch (setting.type) {
    case 'boolean':
      return setting.default !== true
    case 'number': {
      const value = numberFrom(text, setting.range)
      if (value !== undefined) return value
      const usual = setting.usual ?? plain(setting.default)
      const hint = usual === '' ? {} : { hint: `${usual} is usual.` }
      throw new InputError({ at, expected: spokenRange(setting.range), received, ...hint })
    }
    case 'word':
    case 'choice': {
      const names = Object.keys(setting.of)
      if (names.includes(text)) return text
      const meant = nearest(text, names)
      const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` }
      throw new InputError({ at, expected: `one of ${names.join(', ')}`, received, ...hint })
    }
    case 'text':
      if (setting.fits(text)) return text.trim()
      throw new InputError({ at, expected: setting.expected, received })
    case 'group':
      throw new Error(`${at} is no single value.`)
    default:
      return setting satisfies never
  }
}

/** What is wrong, by the flag. */
type Errors = Map<string, InputError>

function noting<T>(errors: Errors, flag: string, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    errors.set(flag, error)
    return undefined
  }
}

/** The parts of `flip,translate=2`, read by their names. */
function listSource(flag: string, text: string, options: Settings, errors: Errors): Source {
  const parts = new Map(text.split(',').map((part) => part.trim().split('=') as [string, string | undefined]))
  const isKnown = ([name, value]: [string, string | undefined]) =>
    Object.hasOwn(options, name) &&
    options[name].flag !== false &&
    (options[name].type === 'boolean') === (value === undefined)
  if (![...parts].every(isKnown)) {
    const expected = `${listWords(options)}, with commas between`
    errors.set(flag, new InputError({ at: `--${flag}`, expected, received: `"${text}"` }))
  }
  const source: Source = {
    take: (key, setting) =>
      parts.has(key) && !errors.has(flag)
        ? noting(errors, flag, () => valueFrom(setting, parts.get(key) ?? 'yes', `--${flag}: ${key}`))
        : undefined,
    within: () => source,
    refuse: () => undefined,
  }
  return source
}

function flagSource(texts: Texts, errors: Errors): Source {
  const source: Source = {
    take(key, setting) {
      const flag = flagOf(key, setting)
      const text = flag && texts(flag)
      if (flag === undefined || text === undefined) return undefined
      return noting(errors, flag, () => valueFrom(setting, text, `--${flag}`))
    },
    within(key, group) {
      if (!group.isList) return source
      const flag = flagOf(key, group)
      const text = flag && texts(flag)
      if (!flag || text === undefined) return undefined
      if (text.trim() === '')
        return noting(errors, flag, () => valueFrom(group, text, `--${flag}`)) as undefined
      return listSource(flag, text, group.options, errors)
    },
    refuse(key, setting, expected, received) {
      const flag = flagOf(key, setting)
      if (flag === undefined || texts(flag) === undefined) return // to be asked for and left out is worse than an error
      errors.set(flag, new InputError({ at: `--${flag}`, expected, received, hint: 'Leave this flag out.' }))
    },
  }
  return source
}

/** What flags say of some settings, and what is wrong with them. */
export interface ReadFlags<G> {
  readonly given: G
  readonly errors: ReadonlyMap<string, InputError>
}

/** Reads every flag of some settings; what cannot be read is noted and left out. */
export function readFlags<O extends Settings>(of: O, texts: Texts): ReadFlags<Given<O>> {
  const errors: Errors = new Map()
  const given = readSettings(of, flagSource(texts, errors)) ?? {}
  return { given: parse(givenCheck(of), given, 'training'), errors }
}

/** The flags of a value and their texts, where it is not the default. */
function wordsOf(key: string, setting: Setting, value: unknown): [flag: string, text: string][] {
  const flag = flagOf(key, setting)
  if (flag === undefined || value === undefined) return []
  if (setting.type === 'choice') {
    const { kind, ...options } = value as { readonly kind: string }
    const name: [string, string][] = kind === setting.default?.kind ? [] : [[flag, kind]]
    return [...name, ...allWords(setting.of[kind].options, options)]
  }
  if (setting.type !== 'group') return value === setting.default ? [] : [[flag, `${value}`]]
  if (setting.isList) return [[flag, listOf(setting.options, value)]]
  const { head = '', options } = setting
  const { [head]: first, ...rest } = value as Readonly<Record<string, unknown>>
  const { [head]: _, ...others } = options
  return [...wordsOf(key, headOf(setting), first), ...allWords(others, rest)]
}

const allWords = (of: Settings, values: object) =>
  Object.entries(of).flatMap(([key, setting]) =>
    wordsOf(key, setting, (values as Record<string, unknown>)[key]),
  )

function listOf(options: Settings, values: unknown): string {
  const parts = Object.entries(options).flatMap(([key, setting]) => {
    const value = (values as Readonly<Record<string, unknown>>)[key]
    if (setting.flag === false || value === undefined || value === setting.default) return []
    if (setting.type === 'boolean') return [key]
    return [
      `${key}=${setting.type === 'group' ? (value as Record<string, unknown>)[String(setting.head)] : value}`,
    ]
  })
  return parts.join(',')
}

/** The flags that ask for a recipe, as far as flags can; a flag without a value comes with none. */
export const printFlags = (recipe: RecipeInput): string[] =>
  allWords(settings, recipe).flatMap(([flag, text]) =>
    text === 'true' || text === 'false' ? [`--${flag}`] : [`--${flag}`, text],
  )
