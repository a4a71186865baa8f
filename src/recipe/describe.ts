import { keysOf } from '../base/keys.ts'
import { optionsOf } from './read.ts'
import type { Setting, Settings } from './setting.ts'
import { type Recipe, settings } from './settings.ts'

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

type Values = Readonly<Record<string, unknown>>

/** `3 epochs`. */
const counted = (value: unknown, unit: string | undefined) =>
  unit === undefined ? `${value}` : `${value} ${unit}${value === 1 ? '' : 's'}`

/** A value under its setting's name: `SGD, learning rate 0.01`. */
function said(setting: Setting, value: unknown): string {
  switch (setting.type) {
    case 'number':
      return counted(value, setting.unit)
    case 'boolean':
      return value ? 'yes' : 'no'
    case 'word':
      return setting.of[value as string].label
    case 'text':
      return `${value}`
    case 'choice':
      return [kindOf(setting, value).label, ...kindOf(setting, value).options].join(', ')
    case 'group':
      return phrases(setting.options, value as Values).join(', ')
    default:
      return setting satisfies never
  }
}

/** What is said of a choice: its kind, and the kind's options. */
function kindOf({ of }: Extract<Setting, { type: 'choice' }>, value: unknown) {
  const { kind, ...options } = value as { readonly kind: string }
  return { label: of[kind].label, options: phrases(of[kind].options, options) }
}

/** A value in a sentence with others: `momentum 0.9`; nothing where it goes without saying. */
function phrase(setting: Setting, value: unknown): string {
  if (value === undefined || value === 0 || value === false) return ''
  if (setting.isQuiet && (typeof setting.default === 'function' || isSame(value, setting.default))) return ''
  if (setting.type === 'boolean') return setting.label
  if (setting.type === 'group' && setting.isList) return said(setting, value)
  if (setting.type !== 'choice') return `${setting.label} ${said(setting, value)}`
  const { label, options } = kindOf(setting, value)
  return [`${label} ${setting.label}`, ...options].join(', ')
}

const phrases = (of: Settings, values: Values) =>
  Object.entries(of)
    .map(([key, setting]) => phrase(setting, values[key]))
    .filter((text) => text !== '')

/** A setting of a recipe in words: `SGD, learning rate 0.01, momentum 0.9, Nesterov momentum`. */
export const describeSetting = (recipe: Recipe, key: keyof Recipe): string =>
  recipe[key] === undefined ? 'none' : said(settings[key], recipe[key])

/** Everything of a recipe but the settings that are named, in one line; `none` where that is nothing. */
export function describeRest(recipe: Recipe, without: readonly (keyof Recipe)[]): string {
  const rest = Object.fromEntries(
    Object.entries(settings).filter(([key]) => !without.some((one) => one === key)),
  )
  return phrases(rest, { ...recipe }).join(', ') || 'none'
}

/** A setting as a table shows it: `learning rate`, `0.01`. */
export interface SettingFact {
  readonly key: keyof Recipe
  readonly label: string
  readonly text: string
}

/** Every setting of a recipe by its name and in words; what is off, or goes without saying, is left out. */
export const describeRecipe = (recipe: Recipe): SettingFact[] =>
  keysOf(settings).flatMap((key) => {
    const [setting, value]: [Setting, unknown] = [settings[key], recipe[key]]
    const isOff = value === undefined || (value === 0 && setting.default === 0)
    if (isOff || (setting.isQuiet && isSame(value, setting.default))) return []
    return [{ key, label: setting.label, text: said(setting, value) }]
  })

/** A column for one setting in a list of runs. */
export interface SettingColumn {
  readonly key: string
  readonly label: string
  readonly isNumber: boolean
  /** Its value in a recipe; null where it has no meaning there. */
  value(recipe: Recipe): string | number | null
}

function columnsOf([key, setting]: [string, Setting], within: (recipe: Recipe) => Values): SettingColumn[] {
  if (!setting.isCommon) return []
  const { type, label } = setting
  const say = (value: unknown) => (type === 'choice' ? kindOf(setting, value).label : said(setting, value))
  const cell = (value: unknown) =>
    value === undefined ? null : typeof value === 'number' ? value : say(value)
  const options = type === 'choice' ? Object.entries(optionsOf(setting)) : []
  return [
    { key, label, isNumber: type === 'number', value: (recipe) => cell(within(recipe)[key]) },
    ...options.flatMap((option) => columnsOf(option, (recipe) => within(recipe)[key] as Values)),
  ]
}

/** The settings that lists of runs show: those that a form asks for at once. */
export const settingColumns: readonly SettingColumn[] = Object.entries<Setting>(settings).flatMap((row) =>
  columnsOf(row, (recipe) => ({ ...recipe })),
)
