import { InputError } from '../base/errors.ts'
import { type ItemForm, itemForm, type PictureForm, type WholeForm, wholeForm } from './form.ts'
import type { Size } from './picture.ts'

/** What is asked for of a form; what is left open is measured. */
export interface FormWish {
  readonly size?: Size
  readonly channels?: 1 | 3
  readonly kind?: PictureForm['kind']
  readonly fit?: WholeForm['fit']
  readonly backdrop?: WholeForm['backdrop']
  readonly ground?: ItemForm['ground']
}

/** The words of a wish on the command line, as in `folder:DIR@64x48,gray,contain`. */
const words: Readonly<Record<string, FormWish>> = {
  gray: { channels: 1 },
  color: { channels: 3 },
  whole: { kind: 'whole' },
  fill: { kind: 'whole', fit: 'fill' },
  contain: { kind: 'whole', fit: 'contain' },
  cover: { kind: 'whole', fit: 'cover' },
  'over-white': { kind: 'whole', backdrop: 'white' },
  'over-black': { kind: 'whole', backdrop: 'black' },
  item: { kind: 'item' },
  'item-on-black': { kind: 'item', ground: 'dark' },
  'item-on-white': { kind: 'item', ground: 'light' },
}
/** The words, for help texts. */
export const formWords: readonly string[] = Object.keys(words)

/** Splits `DIR@64x48,gray` into what stands before the last @ and the wish behind it; where no word of a wish stands there, all is a name. */
export function parseWish(text: string): { readonly name: string; readonly wish: FormWish } {
  const at = text.lastIndexOf('@')
  const parts = at < 1 ? [] : text.slice(at + 1).split(',')
  const wishes = parts.map(wishOf).filter((wish) => wish !== undefined)
  if (wishes.length === 0 || wishes.length < parts.length) return { name: text, wish: {} }
  return { name: text.slice(0, at), wish: wishes.reduce((all, wish) => both(all, wish, text.slice(at))) }
}

/** Two wishes in one, where they do not contradict each other. */
function both(a: FormWish, b: FormWish, received: string): FormWish {
  const clashes = Object.entries(b).some(([key, value]) => key in a && a[key as keyof FormWish] !== value)
  if (!clashes) return { ...a, ...b }
  throw new InputError({ at: 'data', expected: 'words that can go together', received })
}

function wishOf(word: string): FormWish | undefined {
  if (Object.hasOwn(words, word)) return words[word]
  const [, width, height] = /^(\d+)x(\d+)$/.exec(word) ?? []
  return width === undefined ? undefined : { size: sizeOf(Number(width), Number(height)) }
}

function sizeOf(width: number, height: number): Size {
  if (width >= 1 && height >= 1 && width <= 4096 && height <= 4096) return { width, height }
  throw new InputError({
    at: 'data',
    expected: 'a size from 1x1 to 4096x4096',
    received: `${width}x${height}`,
  })
}

/** What is asked for by the rest: how a picture fits is a matter of whole ones, the ground one of items. */
const kindOf = ({ kind, fit, backdrop, ground }: FormWish): PictureForm['kind'] | undefined =>
  kind ?? (fit || backdrop ? 'whole' : ground && 'item')

/** The wish as it is written behind a name, with its @; nothing where nothing is asked for. */
export function formatWish(wish: FormWish): string {
  const { size, ...rest } = { ...wish, kind: kindOf(wish) }
  const said = formWords.filter((word) =>
    Object.entries(words[word]).every(([key, value]) => rest[key as keyof typeof rest] === value),
  )
  const isSaid = (word: string) => said.some((other) => other !== word && includes(words[other], words[word]))
  const parts = said.filter((word) => !isSaid(word)) // `fill` says `whole` too
  if (size !== undefined) parts.unshift(`${size.width}x${size.height}`)
  return parts.length === 0 ? '' : `@${parts.join(',')}`
}

const includes = (larger: FormWish, smaller: FormWish) =>
  Object.keys(smaller).every((key) => key in larger) &&
  Object.keys(smaller).length < Object.keys(larger).length

/** A form as it was found, with what is asked for beside the size. */
export function wished(form: PictureForm, { size: _, ...wish }: FormWish): PictureForm {
  const kind = kindOf(wish) ?? form.kind
  if (Object.keys(wish).length === 0) return form
  const { mean, standardDeviation, channels } = form
  const shared = {
    channels,
    ...(mean && { mean }),
    ...(standardDeviation && { standardDeviation }),
    origin: 'given' as const,
  }
  const { fit, backdrop, ground } = wish
  if (kind === 'whole') {
    const found = form.kind === 'whole' ? form : wholeForm(form)
    return { ...found, ...shared, ...(fit && { fit }), ...(backdrop && { backdrop }) }
  }
  const found = form.kind === 'item' ? form : itemForm(form)
  return { ...found, ...shared, ...(ground && { ground }) }
}
