import { InputError } from '../base/errors.ts'
import { distanceFrom, findBackground } from './background.ts'
import { findItem } from './box.ts'
import { composite } from './composite.ts'
import type { PictureForm } from './form.ts'
import { type Box, type Colors, luma, type Picture } from './picture.ts'
import { bytesOf, place } from './place.ts'
import { relief } from './relief.ts'
import { resample } from './resample.ts'

/** What trimming leaves of the background in the training data: a twentieth of the range (Xiao et al. 2017, step 2). */
const TRIM = 0.05 * 255

/** A picture in the form of the training data, and how it came to it. */
export interface Prepared {
  /** Bytes of shape [height, width, channels]. */
  readonly pixels: Uint8Array
  /** What was cut out of the picture, in its pixels. */
  readonly box: Box
  readonly isInverted: boolean
  /** How its item was told from its ground; `same`: it was in the form already; `whole`: the network wants the ground too. */
  readonly kind: 'blend' | 'opaque' | 'same' | 'whole'
}

/**
 * Brings a decoded picture (a canvas's `ImageData`, say) to the form of the training data: transparency laid over a
 * backdrop, the ground taken away (and the picture inverted where it was light), the item cut out, its longer side scaled
 * to the form's, and padded. This is the chain's entry, in Node and in a page: it knows neither. Throws an InputError where
 * no item stands out. docs/recognize.md tells the steps.
 */
export function prepare(picture: Picture, form: PictureForm): Prepared {
  const colors = composite(picture)
  if (form.kind === 'whole') return whole(colors, form)
  const background = findBackground(colors)
  if (luma(background.color) <= 127.5 && hasForm(picture, form)) return same(picture)
  const distance = distanceFrom(colors, background)
  const tolerance = Math.min(64, Math.max(TRIM, 1.5 * background.stray))
  const box = findItem(distance, tolerance)
  if (box === undefined) throw nothingThere(picture)
  const item = relief(colors, background, { distance, tolerance, box })
  return { pixels: place(item, box, form), box, isInverted: item.isInverted, kind: item.kind }
}

/** Whether a picture is one of the form's very size, opaque and gray: on a dark ground, that is what a network was trained on. */
function hasForm({ width, height, data }: Picture, form: PictureForm): boolean {
  if (width !== form.width || height !== form.height) return false
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2] || data[at + 3] !== 255) return false
  }
  return true
}

function same({ width, height, data }: Picture): Prepared {
  const pixels = Uint8Array.from({ length: width * height }, (_, p) => data[4 * p])
  return { pixels, box: { left: 0, top: 0, width, height }, isInverted: false, kind: 'same' }
}

/** The whole picture at another size, gray or in colors. */
function whole(colors: Colors, form: PictureForm): Prepared {
  const { width, height } = colors
  const box = { left: 0, top: 0, width, height }
  const planes = colors.channels.map((values) =>
    resample({ width, height, values }, box, form.width, form.height),
  )
  const [red, green, blue] = planes.map(({ values }) => values)
  const shown =
    form.channels === 1 ? [red.map((_, p) => luma([red[p], green[p], blue[p]]))] : [red, green, blue]
  const pixels = new Uint8Array(form.width * form.height * form.channels)
  shown.forEach((values, c) => {
    bytesOf({ ...form, values }).forEach((byte, p) => {
      pixels[p * form.channels + c] = byte
    })
  })
  return { pixels, box, isInverted: false, kind: 'whole' }
}

function nothingThere({ width, height }: Picture) {
  return new InputError({
    at: 'picture',
    expected: 'an item that stands out from its background',
    received: `${width}×${height} pixels of one color`,
  })
}
