import { z } from 'zod'
import type { Size } from './picture.ts'

const side = z.number().int().positive()
const statistics = z.array(z.number()).readonly()

const shared = {
  width: side,
  height: side,
  /** 1: gray; 3: red, green, blue. */
  channels: side,
  /** How colors become gray: luma with the weights of ITU-R BT.601, 0.299, 0.587 and 0.114. */
  gray: z.literal('bt601'),
  /** Of the training pictures' values / 255, for each channel; missing where the form was not taken from pictures. */
  mean: statistics.optional(),
  standardDeviation: statistics.optional(),
  /**
   * How it was found: `known` for a published set, by its content; `measured` on the training pictures; `given` by whoever
   * loaded them; `assumed` for weights that say nothing of it.
   */
  origin: z.enum(['known', 'measured', 'given', 'assumed']),
}

/**
 * What pictures must look like for a network, as data: how its training pictures were prepared, and how every other one is.
 * `prepare` obeys it; records and weights files carry it.
 */
export const pictureForm = z.discriminatedUnion('kind', [
  z
    .object({
      /** The whole picture. */
      kind: z.literal('whole'),
      ...shared,
      /** As CSS names it. `fill` stretches, `contain` keeps the aspect and shows the backdrop beside it, `cover` crops the middle. */
      fit: z.enum(['fill', 'contain', 'cover']),
      /** What is seen through what is transparent. */
      backdrop: z.enum(['white', 'black']),
    })
    .readonly(),
  z
    .object({
      /** One item, cut out of its picture. */
      kind: z.literal('item'),
      ...shared,
      /** The longer side of the item, in pixels of the form. */
      longest: side,
      /** What stands in the middle: the item's box, or its center of mass. */
      center: z.enum(['box', 'mass']),
      /** `dark`: the item is bright on black; `light`: dark on white. */
      ground: z.enum(['dark', 'light']),
      /** A cut-out is laid on the ground from which it was cut, as its rim betrays it. */
      backdrop: z.literal('fringe'),
    })
    .readonly(),
])
/** What pictures must look like for a network, as data: the whole of each, or one item cut out of it. */
export type PictureForm = z.infer<typeof pictureForm>
export type WholeForm = Extract<PictureForm, { kind: 'whole' }>
export type ItemForm = Extract<PictureForm, { kind: 'item' }>

/** The whole picture stretched to a size, over white. */
export const wholeForm = (
  size: Size & { readonly channels: number },
  more: Partial<Omit<WholeForm, 'kind'>> = {},
): WholeForm => ({
  kind: 'whole',
  width: size.width,
  height: size.height,
  channels: size.channels,
  gray: 'bt601',
  fit: 'fill',
  backdrop: 'white',
  origin: 'measured',
  ...more,
})

/** A gray item, bright on black, that fills its image and stands in the middle of it. */
export const itemForm = (size: Size, more: Partial<Omit<ItemForm, 'kind'>> = {}): ItemForm => ({
  kind: 'item',
  width: size.width,
  height: size.height,
  channels: 1,
  gray: 'bt601',
  longest: Math.min(size.width, size.height),
  center: 'box',
  ground: 'dark',
  backdrop: 'fringe',
  origin: 'measured',
  ...more,
})

/** What a network without a form is asked about. */
interface Formless {
  /** [height, width, channels] */
  readonly imageShape: readonly number[]
  /** The data that it was trained on, as `--data` names them. */
  readonly source?: string | undefined
}

/** The form to assume for weights that say nothing of theirs, as versions before 0.2 wrote them: by their data's name. */
export function assumedForm({ imageShape, source = '' }: Formless): PictureForm {
  const [height, width, channels] = imageShape
  const origin = 'assumed'
  if (channels !== 1 || source.startsWith('folder:'))
    return wholeForm({ width, height, channels }, { origin })
  const shorter = Math.min(width, height)
  if (/^mnist(:|$)/.test(source))
    return itemForm({ width, height }, { origin, longest: Math.round((20 * shorter) / 28), center: 'mass' })
  return itemForm({ width, height }, { origin })
}

const fits: Readonly<Record<WholeForm['fit'], string>> = {
  fill: 'stretched',
  contain: 'scaled to fit',
  cover: 'cropped',
}
const origins: Readonly<Record<PictureForm['origin'], string>> = {
  known: 'known for this data set',
  measured: 'measured on the training pictures',
  given: 'as asked for',
  assumed: 'assumed: the weights do not say',
}

/** A form in words: `28×28 gray: one item, cut out, bright on black, 28 pixels long and centered by its box (…)`. */
export function describeForm(form: PictureForm): string {
  const { width, height, channels } = form
  const size = `${width}×${height} ${channels === 1 ? 'gray (BT.601)' : 'color'}`
  const how =
    form.kind === 'whole'
      ? `the whole picture, ${fits[form.fit]}, transparency over ${form.backdrop}`
      : [
          `one item, cut out, ${form.ground === 'dark' ? 'bright on black' : 'dark on white'},`,
          `${form.longest} pixels long, centered by its ${form.center === 'box' ? 'bounding box' : 'center of mass'}`,
        ].join(' ')
  return `${size}: ${how} (${origins[form.origin]})`
}
