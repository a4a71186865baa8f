import { InputError } from '../../../src/base/errors.ts'
import { type NetworkChoice, networkChoice, validationShare } from '../../../src/cli/network-flags.ts'
import { flagRows } from '../../../src/recipe/flag-rows.ts'
import { readFlags } from '../../../src/recipe/flags.ts'
import type { RecipeInput } from '../../../src/recipe/settings.ts'
import { fields, OWN } from './fields.ts'

type Flags = Record<string, string | boolean>

/** What the address wishes for, read by the command line's own rules. */
export interface Wish {
  /** Undefined where something is wrong. */
  readonly settings: RecipeInput | undefined
  readonly choice: NetworkChoice
  readonly validation: number
  /** What is wrong, by the name of the setting. */
  readonly errors: ReadonlyMap<string, string>
  /** The settings as they are typed after `atelier train`. */
  readonly typed: readonly string[]
}

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** What the command line would be given, by the names of the page. */
function given(value: (name: string) => string): Map<string, string> {
  const shown = fields.filter(({ when }) => when === undefined || when(value))
  return new Map(
    shown.map(({ name }) => [name, value(name).trim()] as const).filter(([, text]) => text !== ''),
  )
}

const flagsOf = (texts: ReadonlyMap<string, string>): Flags =>
  Object.fromEntries(Array.from(texts, ([name, text]) => [camel(name), text]))

/** Which setting an error speaks of. */
const nameOf = ({ parts: { at } }: InputError) =>
  at === 'initializer' ? 'init' : (/^-*([\w-]+)/.exec(at)?.[1] ?? '')

function sentence({ parts: { expected, received, hint } }: InputError): string {
  return `Expected ${expected}${received === undefined ? '' : `, received ${received}`}.${hint === undefined ? '' : ` ${hint}`}`
}

/** Reads with one reader after another; what one refuses is noted and left out, until all is read. */
function read<T>(reader: (flags: Flags) => T, texts: Map<string, string>, errors: Map<string, string>): T {
  for (;;) {
    try {
      return reader(flagsOf(texts))
    } catch (error) {
      if (!(error instanceof InputError) || !texts.has(nameOf(error))) throw error
      errors.set(nameOf(error), sentence(error))
      texts.delete(nameOf(error))
    }
  }
}

/** Flags that are typed without a value. */
const onlyName = new Set(flagRows().flatMap(({ flag, type }) => (type === 'boolean' ? [flag] : [])))

const quoted = (text: string) => (/^[\w.,:=/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** Reads the settings of an address: every mistake at once, each in the words of the command line. */
export function readWish(value: (name: string) => string): Wish {
  const texts = given(value)
  const typed = Array.from(texts, ([name, text]) =>
    onlyName.has(name) ? `--${name}` : `--${name} ${quoted(text)}`,
  )
  const errors = new Map<string, string>()
  const choice = read(networkChoice, texts, errors)
  const validation = read(validationShare, texts, errors)
  const { given: settings, errors: wrong } = readFlags((flag) => texts.get(flag))
  for (const [flag, error] of wrong) errors.set(flag, sentence(error))
  return { settings: errors.size === 0 ? settings : undefined, choice, validation, errors, typed }
}

/** The line that trains the same in a terminal, to the same bits. */
export function lineOf(model: string, source: string, { typed }: Pick<Wish, 'typed'>): string {
  const network = model === OWN ? `${OWN}.json` : model
  const parts = [`--model ${network}`, `--data ${quoted(source)}`, ...typed, '--arithmetic strict']
  return `atelier train ${parts.join(' ')}`
}
