import type { Setting, Settings } from './setting.ts'

type Choice = Extract<Setting, { type: 'choice' }>
type Group = Extract<Setting, { type: 'group' }>

/** Where the values of settings are read from: the flags of a line, a point of a search. */
export interface Source {
  /** What is given for a number, a word, a yes or no, or as the name of a choice's kind; undefined where nothing is. */
  take(key: string, setting: Setting): unknown
  /** Where the options of a group are read from; undefined where nothing is given for it. */
  within(key: string, group: Group): Source | undefined
  /** Told of a setting that has no meaning beside the others, whether it is given or not. */
  refuse(key: string, setting: Setting, expected: string, received: string): void
}

/** Reads what a source gives of some settings; undefined where that is nothing. What is missing is left out. */
export function readSettings(settings: Settings, source: Source): Record<string, unknown> | undefined {
  const values = Object.entries(settings).map(([key, setting]) => [key, readSetting(key, setting, source)])
  const given = values.filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

function readSetting(key: string, setting: Setting, source: Source): unknown {
  if (setting.type === 'choice') return readChoice(key, setting, source)
  if (setting.type === 'group') return readGroup(key, setting, source)
  return source.take(key, setting)
}

/** The kind that is meant where none is named is the default. */
function readChoice(key: string, choice: Choice, source: Source): unknown {
  const named = source.take(key, choice)
  const kind = String(named ?? choice.default?.kind)
  const { options } = choice.of[kind]
  const given = readSettings(options, source)
  for (const [option, setting] of Object.entries(optionsOf(choice))) {
    if (option in options) continue
    const kinds = Object.keys(choice.of).filter((each) => option in choice.of[each].options)
    source.refuse(option, setting, `the ${choice.label} ${inWords(kinds)}`, kind)
  }
  return named === undefined && given === undefined ? undefined : { kind, ...given }
}

/** Without its head, a group that has one is off; so it is where the head is 0. */
function readGroup(key: string, group: Group, from: Source): unknown {
  const source = from.within(key, group)
  if (source === undefined) return undefined
  const { head, options } = group
  if (head === undefined) return readSettings(options, source)
  const { [head]: first, ...rest } = options
  const value = source.take(key, headOf(group))
  if (value !== undefined && value !== 0) return { [head]: value, ...readSettings(rest, source) }
  for (const [option, setting] of Object.entries(rest)) {
    source.refuse(option, setting, `--${flagOf(key, group)} beside it`, 'none')
  }
  return undefined
}

/** The head of a group as it is given: under the group's own name and flag. */
export function headOf({ options, head, flag, searchable }: Group): Setting {
  const { flag: own, ...setting } = options[String(head)]
  return { ...setting, ...(flag !== undefined && { flag }), ...(searchable && { searchable }) }
}

/** The options of all of a choice's kinds by their names, each as the first kind that has it. */
export const optionsOf = ({ of }: Choice): Settings =>
  Object.assign(
    {},
    ...Object.values(of)
      .map(({ options }) => options)
      .reverse(),
  )

/** `labelSmoothing` → `label-smoothing`. */
const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The flag of a setting, without hyphens; undefined where it has none. One that is on by default is turned off: `no-nesterov`. */
export function flagOf(key: string, setting: Setting): string | undefined {
  if (setting.flag === false) return undefined
  const flag = setting.flag ?? kebab(key)
  return setting.type === 'boolean' && setting.default === true ? `no-${flag}` : flag
}

/** `a, b or c`. */
export const inWords = (words: readonly string[]) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
