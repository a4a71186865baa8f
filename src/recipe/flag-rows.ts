import { flagOf, headOf, inWords, optionsOf } from './read.ts'
import type { Setting, Settings } from './setting.ts'
import { settings } from './settings.ts'

/** Under which circumstances a flag means anything. */
export interface Needs {
  /** The flag that decides. */
  readonly flag: string
  /** What it must say; anything, where this is left out. */
  readonly names?: readonly string[]
  /** What it says where it is not given. */
  readonly usual?: string
}

/** A flag as help and forms show it. */
export interface FlagRow {
  /** Without hyphens. */
  readonly flag: string
  readonly label: string
  readonly about: string
  readonly type: 'number' | 'boolean' | 'name' | 'text' | 'list'
  /** What its value is called: `n`, `epochs`. */
  readonly value: string
  /** What it may say, and how that is called; of a name alone. */
  readonly names: Readonly<Record<string, string>>
  /** What holds where it is not given; empty where nothing does. */
  readonly usual: string
  /** The same with each of the names that it needs. */
  readonly usualWith: Readonly<Record<string, string>>
  readonly isWhole: boolean
  readonly isCommon: boolean
  readonly needs: Needs | undefined
}

const labels = (of: Readonly<Record<string, { readonly label: string }>>) =>
  Object.fromEntries(Object.entries(of).map(([name, { label }]) => [name, label]))

/** A default as a text; empty where it is none that one could type. */
export const plain = (value: unknown) =>
  value === undefined || typeof value === 'function' || typeof value === 'object' ? '' : `${value}`

function valueName(setting: Setting): string {
  if (setting.type === 'choice' || setting.type === 'word' || setting.type === 'text') return 'name'
  if (setting.type !== 'number') return 'list'
  return setting.unit === undefined || setting.unit === 'image'
    ? setting.range.whole
      ? 'n'
      : 'x'
    : `${setting.unit}s`
}

function rowOf(flag: string, setting: Setting, needs?: Needs): FlagRow {
  const { type, label, about } = setting
  const names = type === 'choice' || type === 'word' ? labels(setting.of) : {}
  return {
    ...{ flag, label, about, names, needs, value: valueName(setting), usualWith: {} },
    type: type === 'choice' || type === 'word' ? 'name' : type === 'group' ? 'list' : type,
    usual: type === 'choice' ? (setting.default?.kind ?? '') : plain(setting.default),
    isWhole: type === 'number' && setting.range.whole === true,
    isCommon: setting.isCommon === true,
  }
}

/** `0.01 for sgd, 0.001 for adam and adamw`, or one value for all. */
function usualOf(byKind: Readonly<Record<string, string>>): string {
  const byValue = new Map<string, string[]>()
  for (const [kind, usual] of Object.entries(byKind))
    byValue.set(usual, [...(byValue.get(usual) ?? []), kind])
  if (byValue.size === 1) return [...byValue.keys()][0]
  return Array.from(byValue, ([usual, kinds]) => `${usual} for ${kinds.join(' and ')}`).join(', ')
}

function rowsOf(key: string, setting: Setting, needs?: Needs): FlagRow[] {
  const flag = flagOf(key, setting)
  if (flag === undefined) return []
  if (setting.type === 'choice') {
    const below = Object.entries(optionsOf(setting)).flatMap(([option, each]) => {
      const kinds = Object.keys(setting.of).filter((kind) => option in setting.of[kind].options)
      const needs = { flag, names: kinds, usual: setting.default?.kind ?? '' }
      const usualWith = Object.fromEntries(
        kinds.map((kind) => [kind, plain(setting.of[kind].options[option].default)]),
      )
      return rowsOf(option, each, needs).map((row) => ({ ...row, usual: usualOf(usualWith), usualWith }))
    })
    return [rowOf(flag, setting, needs), ...below]
  }
  if (setting.type === 'group' && setting.head !== undefined) {
    const { [setting.head]: first, ...rest } = setting.options
    const row = { ...rowOf(flag, headOf(setting), needs), label: setting.label, value: setting.head }
    return [row, ...Object.entries(rest).flatMap(([option, each]) => rowsOf(option, each, { flag }))]
  }
  if (setting.type === 'group') return [{ ...rowOf(flag, setting, needs), usual: listWords(setting.options) }]
  return [rowOf(flag, setting, needs)]
}

/** `flip, translate=PIXELS, erase=PROBABILITY`: what a list may hold. */
export function listWords(options: Settings): string {
  const words = Object.entries(options).flatMap(([key, setting]) => {
    if (flagOf(key, setting) === undefined) return []
    if (setting.type === 'boolean') return [key]
    const of =
      setting.type === 'group'
        ? setting.head
        : setting.type === 'number' && setting.unit && `${setting.unit}s`
    return [`${key}=${(of || 'value').toUpperCase()}`]
  })
  return words.join(', ')
}

/** Every flag of the settings, in the order of the table; those of a choice's options follow it. */
export const flagRows = (of: Settings = settings): FlagRow[] =>
  Object.entries(of).flatMap(([key, setting]) => rowsOf(key, setting))

/** The flags as the command line declares them. */
export const flagWords = (rows: readonly FlagRow[] = flagRows()) =>
  rows.map(({ flag, about, type, value, names, usual, needs }) => {
    const said = type === 'name' ? `${about}: ${inWords(Object.keys(names))}` : about
    const only = needs?.names && needs.names.length < 3 ? ` (${needs.names.join(', ')})` : ''
    const words = type === 'list' ? `: ${usual}, comma-separated` : usual === '' ? '' : ` (default: ${usual})`
    return type === 'boolean'
      ? { flags: `--${flag}`, text: flag.startsWith('no-') ? `without ${about}` : about }
      : { flags: `--${flag} <${value}>`, text: `${said}${only}${words}` }
  })
