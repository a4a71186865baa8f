import { InputError } from '../base/errors.ts'
import type { Dataset } from './dataset.ts'
import { fashionMnist } from './fashion-mnist.ts'
import type { KnownSet } from './known-set.ts'
import { loadCsv } from './load-csv.ts'
import { type ImageSize, loadFolder } from './load-folder.ts'
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
  readonly directory: string | undefined
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

const idx: SourceKind<{ readonly directory: string }> = {
  form: 'idx:DIR',
  about: 'a folder of four IDX files named as those of MNIST, plain or .gz',
  parse: (text) => ({ directory: required('idx:DIR', text) }),
  format: ({ directory }) => directory,
  load: (source, { directory }) => loadIdx(source, directory),
}

const folder: SourceKind<{ readonly directory: string; readonly size: ImageSize | undefined }> = {
  form: 'folder:DIR',
  about:
    'pictures in one sub-folder a class, in DIR or in DIR/train and DIR/test; folder:DIR@32x32 for another size',
  parse: (text) => {
    const [, directory, width, height] = /^(.+?)(?:@(\d+)x(\d+))?$/s.exec(required('folder:DIR', text)) ?? []
    return { directory, size: width === undefined ? undefined : sizeOf(Number(width), Number(height)) }
  },
  format: ({ directory, size }) =>
    size === undefined ? directory : `${directory}@${size.width}x${size.height}`,
  load: (source, { directory, size }) => loadFolder(source, directory, size),
}

const csv: SourceKind<{ readonly file: string }> = {
  form: 'csv:FILE',
  about: 'a line an image: its label, then the pixels of a square gray image; plain or .gz',
  parse: (text) => ({ file: required('csv:FILE', text) }),
  format: ({ file }) => file,
  load: (source, { file }) => loadCsv(source, file),
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

/** Finds, reads and checks a dataset. */
export async function loadDataset(source: Source, options: LoadOptions = {}): Promise<Dataset> {
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

function sizeOf(width: number, height: number): ImageSize {
  if (width >= 1 && height >= 1 && width <= 4096 && height <= 4096) return { width, height }
  throw new InputError({
    at: 'data',
    expected: 'a size from 1x1 to 4096x4096',
    received: `${width}x${height}`,
  })
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
