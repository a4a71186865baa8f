import type { Range } from '../base/range.ts'
import type { Shape } from '../model/layer.ts'
import type { ModelSpec } from '../model/spec.ts'

/** What is trained, and on what: a default may depend on it. */
export interface Task {
  readonly model: ModelSpec
  /** How many images are trained on. */
  readonly images: number
  /** Of one image: [height, width, channels]. */
  readonly imageShape: Shape
  readonly classes: number
}

type Default<V> = V | ((task: Task) => V)

/** What every setting says of itself. Without a default and not required, it may be absent: then it is off. */
export interface Words {
  /** As a report names it, in the middle of a sentence: `learning rate`. */
  readonly label: string
  /** What it does, as `--help` and a form say it. */
  readonly about: string
  /** Its flag without hyphens: its key in kebab case unless told otherwise; false where it has none. */
  readonly flag?: string | false
  /** Whether a search may vary it. */
  readonly searchable?: boolean
  /** Whether a form asks for it at once, or only when one wants more. */
  readonly isCommon?: boolean
  /** A group cannot be without it. */
  readonly required?: true
  /** Worth saying only where it is not the default. */
  readonly isQuiet?: boolean
}

export interface NumberSetting extends Words {
  readonly type: 'number'
  readonly range: Range
  readonly default?: Default<number>
  /** What people usually take: the hint of an error. The default unless told otherwise. */
  readonly usual?: number
  /** What it counts, one of them: `epoch`. */
  readonly unit?: string
}

export interface BooleanSetting extends Words {
  readonly type: 'boolean'
  readonly default?: Default<boolean>
}

/** Something that has a name in a table. */
export interface Named {
  readonly label: string
}

/** Kinds by their names. */
export type Kinds = Readonly<Record<string, Kind>>

/** One of the names of a table. */
export interface WordSetting<T = Readonly<Record<string, Named>>> extends Words {
  readonly type: 'word'
  readonly of: T
  readonly default?: Default<string>
}

/** A row of a table of kinds, each with options of its own. */
export interface Kind<O extends Settings = Settings> extends Named {
  readonly options: O
}

/** One of the kinds of a table, with its options: `{ kind: 'sgd', momentum: 0.9 }`. */
export interface ChoiceSetting<T = Kinds> extends Words {
  readonly type: 'choice'
  readonly of: T
  readonly default?: { readonly kind: string }
}

/** Several settings that are on or off together. */
export interface GroupSetting<O = Settings> extends Words {
  readonly type: 'group'
  readonly options: O
  /** The option that the flag of the group itself gives, and a search by the group's name; its 0 is off. */
  readonly head?: string
  /** Whether one flag gives all options, with commas between: `flip,translate=2`. */
  readonly isList?: boolean
  readonly default?: Default<object>
}

/** A notation of its own. */
export interface Notation {
  /** What a text may be, as an error says it. */
  readonly expected: string
  fits(text: string): boolean
}

/** A text in a notation of its own: `uniform(-0.05, 0.05)`. */
export interface TextSetting extends Words, Notation {
  readonly type: 'text'
  readonly default?: Default<string>
}

export type Setting =
  | NumberSetting
  | BooleanSetting
  | WordSetting
  | TextSetting
  | ChoiceSetting
  | GroupSetting
/** Settings by their keys. */
export interface Settings {
  readonly [key: string]: Setting
}

/** A number within a range. */
export const number = <const W extends Omit<NumberSetting, 'type' | 'range'>>(range: Range, words: W) => ({
  type: 'number' as const,
  range,
  ...words,
})
/** True or false. */
export const boolean = <const W extends Omit<BooleanSetting, 'type'>>(words: W) => ({
  type: 'boolean' as const,
  ...words,
})
/** A text in a notation. */
export const text = <const W extends Omit<TextSetting, 'type' | keyof Notation>>(
  notation: Notation,
  words: W,
) => ({ type: 'text' as const, ...notation, ...words })
/** One of the names of a table. */
export const word = <
  T extends Readonly<Record<string, Named>>,
  const W extends Omit<WordSetting, 'type' | 'of'>,
>(
  of: T,
  words: W & { readonly default?: Default<keyof T & string> },
) => ({ type: 'word' as const, of, ...words })
/** One of the kinds of a table. */
export const choice = <T extends Kinds, const W extends Omit<ChoiceSetting, 'type' | 'of'>>(
  of: T,
  words: W & { readonly default?: GivenKind<T> },
) => ({ type: 'choice' as const, of, ...words })
/** Several settings together. */
export const group = <O extends Settings, const W extends Omit<GroupSetting, 'type' | 'options'>>(
  options: O,
  words: W & { readonly head?: keyof O & string },
) => ({ type: 'group' as const, options, ...words })

type Flat<T> = { [K in keyof T]: T[K] } & {}
/** The keys that are always there once defaults are filled in. */
type Sure<O> = { [K in keyof O]: O[K] extends { default: unknown } | { required: true } ? K : never }[keyof O]
type Required<O> = { [K in keyof O]: O[K] extends { required: true } ? K : never }[keyof O]

type ValueOf<S> = S extends { type: 'number' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'text' }
      ? string
      : S extends { type: 'word'; of: infer T }
        ? keyof T & string
        : S extends { type: 'choice'; of: infer T }
          ? CompleteKind<T>
          : S extends { type: 'group'; options: infer O }
            ? Complete<O>
            : never
/** One of a table's kinds, with its options' defaults. */
export type CompleteKind<T> = {
  [K in keyof T & string]: T[K] extends { options: infer O }
    ? Flat<{ readonly kind: K } & Complete<O>>
    : never
}[keyof T & string]
/** The values of settings with every default filled in. */
export type Complete<O> = Flat<
  { readonly [K in Sure<O>]: ValueOf<O[K]> } & { readonly [K in Exclude<keyof O, Sure<O>>]?: ValueOf<O[K]> }
>

/** What one writes for a setting. */
export type GivenValue<S> = S extends { type: 'choice'; of: infer T }
  ? GivenKind<T>
  : S extends { type: 'group'; options: infer O }
    ? Given<O>
    : ValueOf<S>
/** One of a table's kinds as one writes it. */
export type GivenKind<T> = {
  [K in keyof T & string]: T[K] extends { options: infer O } ? Flat<{ readonly kind: K } & Given<O>> : never
}[keyof T & string]
/** The values of settings as one writes them: whatever is left out has its default. */
export type Given<O> = Flat<
  { readonly [K in Required<O>]: GivenValue<O[K]> } & {
    readonly [K in Exclude<keyof O, Required<O>>]?: GivenValue<O[K]> | undefined
  }
>

/** The default of a setting; undefined where it has none. */
export function defaultOf({ default: usual }: Setting, task: Task | undefined): unknown {
  if (typeof usual !== 'function') return usual
  if (task === undefined) throw new Error('A default depends on what is trained on what.')
  return usual(task)
}
