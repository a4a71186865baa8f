import { InputError } from '../base/errors.ts'
import { type FormWish, formatWish, parseWish } from '../pictures/form-wish.ts'
import type { Dataset } from './dataset.ts'
import { fashionMnist } from './fashion-mnist.ts'
import type { KnownSet } from './known-set.ts'
import { loadCsv } from './load-csv.ts'
import { loadFolder } from './load-folder.ts'
import { loadIdx } from './load-idx.ts'
import { loadKnown } from './load-known.ts'
import type { LoadOptions } from './load-options.ts'
import {
  formatSilhouettes,
  loadSilhouettes,
  parseSilhouettes,
  type SilhouetteOptions,
} from './load-silhouettes.ts'
import { mnist } from './mnist.ts'

/** A way to get a dataset: what follows the colon is parsed into `where`, written back, and loaded from. */
interface SourceKind<Where> {
  /** How it is written on the command line. */
  readonly form: string
  readonly about: string
  parse(text: string | undefined): Where
  format(where: Where): string
  load(source: string, where: Where, options: LoadOptions): Promise<Dataset>
}

interface Folder {
  readonly directory?: string | undefined
}

function knownSet(set: KnownSet): SourceKind<Folder> {
  return {
    form: set.name,
    about: `${set.title}, found or downloaded; ${set.name}:DIR reads the four published files in DIR`,
    parse: (directory) => ({ directory }),
    format: ({ directory }) => directory ?? '',
    load: (source, { directory }, options) => loadKnown(set, source, directory, options),
  }
}

const silhouettes: SourceKind<SilhouetteOptions> = {
  form: 'silhouettes',
  about:
    'clothes drawn from a seed, nothing to download; silhouettes:train=1000,test=200,seed=3 for other sizes',
  parse: parseSilhouettes,
  format: formatSilhouettes,
  load: async (source, options) => loadSilhouettes(source, options),
}

/** What is asked for of the form of its pictures, where anything is. */
interface Wished {
  readonly form?: FormWish
}

const idx: SourceKind<{ readonly directory: string } & Wished> = {
  form: 'idx:DIR',
  about: 'a folder of four IDX files named as those of MNIST, plain or .gz',
  parse: (text) => {
    const { name, ...wished } = pathAndWish('idx:DIR', text)
    return { directory: name, ...made(wished) }
  },
  format: ({ directory, form = {} }) => directory + formatWish(form),
  load: (source, { directory, form = {} }) => loadIdx(source, directory, form),
}

const folder: SourceKind<{ readonly directory: string } & Wished> = {
  form: 'folder:DIR',
  about:
    'pictures in one sub-folder a class, in DIR or in DIR/train and DIR/test; folder:DIR@32x32,gray,contain for another form',
  parse: (text) => {
    const { name, ...wished } = pathAndWish('folder:DIR', text)
    return { directory: name, ...wished }
  },
  format: ({ directory, form = {} }) => directory + formatWish(form),
  load: (source, { directory, form = {} }) => loadFolder(source, directory, form),
}

const csv: SourceKind<{ readonly file: string } & Wished> = {
  form: 'csv:FILE',
  about: 'a line an image: its label, then the pixels of a square gray image; plain or .gz',
  parse: (text) => {
    const { name, ...wished } = pathAndWish('csv:FILE', text)
    return { file: name, ...made(wished) }
  },
  format: ({ file, form = {} }) => file + formatWish(form),
  load: (source, { file, form = {} }) => loadCsv(source, file, form),
}

/** What stands behind the colon: a path and, behind an @, what is asked for. */
function pathAndWish(kind: string, text: string | undefined): { readonly name: string } & Wished {
  const { name, wish } = parseWish(required(kind, text))
  return Object.keys(wish).length === 0 ? { name } : { name, form: wish }
}

/** Images that come as bytes have their size and their channels. */
function made(wished: Wished): Wished {
  if (wished.form?.size === undefined && wished.form?.channels === undefined) return wished
  throw new InputError({
    at: 'data',
    expected: 'no size and neither gray nor color: these images come as bytes',
    received: formatWish(wished.form),
  })
}

/** Every kind of source. A new one is a file that loads it and a row here. */
const kinds = {
  'fashion-mnist': knownSet(fashionMnist),
  mnist: knownSet(mnist),
  silhouettes,
  idx,
  folder,
  csv,
}

type Kinds = typeof kinds

/** Where a dataset comes from, as a plain value: `{ type: 'idx', directory: 'parts' }`. */
export type Source = {
  [Type in keyof Kinds]: { readonly type: Type } & ReturnType<Kinds[Type]['parse']>
}[keyof Kinds]

/** The sources that exist, for help texts. */
export const sourceForms: readonly { readonly form: string; readonly about: string }[] = Object.values(
  kinds,
).map(({ form, about }) => ({ form, about }))

/** Reads a source as it is written on the command line: `fashion-mnist`, `idx:DIR`… */
export function parseSource(text: string): Source {
  const colon = text.indexOf(':')
  const type = colon < 0 ? text : text.slice(0, colon)
  const rest = colon < 0 || colon === text.length - 1 ? undefined : text.slice(colon + 1)
  if (!Object.hasOwn(kinds, type)) throw unknownSource(text)
  return { type, ...kinds[type as Source['type']].parse(rest) } as Source
}

/** The source as it is written on the command line; `parseSource` reads it back. */
export function formatSource(source: Source): string {
  const rest = kindOf(source).format(source)
  return rest === '' ? source.type : `${source.type}:${rest}`
}

/** The path that a source names; undefined where it names none. */
export function pathOf(source: Source): string | undefined {
  if ('directory' in source) return source.directory
  return 'file' in source ? source.file : undefined
}

/** A source that names a path, with another one. */
export const withPath = (source: Source, path: string): Source =>
  'file' in source ? { ...source, file: path } : ({ ...source, directory: path } as Source)

/**
 * Finds, reads and checks a dataset: `loadDataset('fashion-mnist')`, or as a value,
 * `loadDataset({ type: 'folder', directory: 'photos', form: { size: { width: 32, height: 32 } } })`. Its test images stay
 * under seal until something is evaluated on them. Throws an InputError that says what is wrong with it and where.
 */
export async function loadDataset(given: Source | string, options: LoadOptions = {}): Promise<Dataset> {
  const source = typeof given === 'string' ? parseSource(given) : given
  return kindOf(source).load(formatSource(source), source, options)
}

/** A source and its kind belong together by their type, which the compiler cannot follow through the table. */
function kindOf(source: Source): SourceKind<Source> {
  return kinds[source.type] as unknown as SourceKind<Source>
}

function required(form: string, text: string | undefined): string {
  if (text !== undefined) return text
  throw new InputError({ at: 'data', expected: form, received: 'nothing after the colon' })
}

function unknownSource(text: string): InputError {
  return new InputError({
    at: 'data',
    expected: `one of ${sourceForms.map(({ form }) => form).join(', ')}`,
    received: `"${text}"`,
    hint:
      /[\\/.]/.test(text) && !text.includes(':')
        ? `For a folder of IDX files write idx:${text}.`
        : 'Is it spelled right?',
  })
}
