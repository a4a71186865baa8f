import type { InputError } from '../../../src/base/errors.ts'
import { shellQuoted } from '../../../src/base/shell.ts'
import { flagRows } from '../../../src/recipe/flag-rows.ts'
import { readFlags } from '../../../src/recipe/flags.ts'
import { networkOptions, networkOptionsFrom } from '../../../src/recipe/network-options.ts'
import { type RecipeInput, settings } from '../../../src/recipe/settings.ts'
import { splitOptions } from '../../../src/recipe/split-options.ts'
import { fields, OWN } from './fields.ts'

/** What an address asks for. */
export interface Form {
  /** Undefined where something is wrong. */
  readonly recipe: RecipeInput | undefined
  readonly network: ReturnType<typeof networkOptionsFrom>
  /** The share of the training images to validate on. */
  readonly validation: number
  /** What is wrong, by the name of the field. */
  readonly errors: ReadonlyMap<string, string>
  /** The settings as they are typed after `atelier train`. */
  readonly flags: readonly string[]
}

/** What the shown fields hold, by their names. */
function textsOf(value: (name: string) => string): Map<string, string> {
  const shown = fields.filter(({ when }) => when === undefined || when(value))
  return new Map(
    shown.map(({ name }) => [name, value(name).trim()] as const).filter(([, text]) => text !== ''),
  )
}

function sentence({ parts: { expected, received, hint } }: InputError): string {
  return `Expected ${expected}${received === undefined ? '' : `, received ${received}`}.${hint === undefined ? '' : ` ${hint}`}`
}

/** Flags that are typed without a value. */
const isBare = new Set(flagRows().flatMap(({ flag, type }) => (type === 'boolean' ? [flag] : [])))

/** Reads the settings of an address by the rows of their tables: every mistake at once. */
export function readForm(value: (name: string) => string): Form {
  const texts = textsOf(value)
  const text = (name: string) => texts.get(name)
  const recipe = readFlags(settings, text)
  const network = readFlags(networkOptions, text)
  const split = readFlags(splitOptions, text)
  const errors = [recipe, network, split].flatMap(({ errors }) => [...errors])
  return {
    recipe: errors.length === 0 ? recipe.given : undefined,
    network: networkOptionsFrom(network.given),
    validation: split.given.validation ?? splitOptions.validation.default,
    errors: new Map(errors.map(([name, error]) => [name, sentence(error)])),
    flags: Array.from(texts, ([name, text]) =>
      isBare.has(name) ? `--${name}` : `--${name} ${shellQuoted(text)}`,
    ),
  }
}

/** The command that trains the same in a terminal, to the same bits. */
export function commandOf(model: string, source: string, { flags }: Pick<Form, 'flags'>): string {
  const network = model === OWN ? `${OWN}.json` : model
  const parts = [`--model ${network}`, `--data ${shellQuoted(source)}`, ...flags, '--arithmetic strict']
  return `atelier train ${parts.join(' ')}`
}
