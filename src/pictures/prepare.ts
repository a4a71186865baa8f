import { InputError } from '../base/errors.ts'
import { composite } from './backdrop.ts'
import { fitted } from './decoded-size.ts'
import type { ItemForm, PictureForm, WholeForm } from './form.ts'
import { distanceFrom, findBackground, findItem } from './item.ts'
import { type Box, type Colors, luma, type Picture, type Plane } from './picture.ts'
import { place } from './place.ts'
import { relief } from './relief.ts'
import { bytesOf, resample } from './resample.ts'

/** What trimming leaves of the background in the training data: a twentieth of the range (Xiao et al. 2017, step 2). */
const TRIM = 0.05 * 255

/** A picture in the form of the training data, and how it came to it. */
export interface Prepared {
  /** Bytes of shape [height, width, channels]. */
  readonly pixels: Uint8Array
  /** What was taken of the picture, in its pixels. */
  readonly box: Box
  /** Whether dark and light were exchanged. */
  readonly isInverted: boolean
  /** How its item was told from its ground; `same`: it was in the form already; `whole`: the network wants the ground too. */
  readonly kind: 'blend' | 'opaque' | 'same' | 'whole'
}

/**
 * Brings a decoded picture (a canvas's `ImageData`, say) to a form. It is what makes training pictures out of a folder's
 * files, and what brings every picture to be recognized to the same form, in Node, in a page and in an exported module: it
 * knows none of them, and equal pixels give equal bytes. Throws an InputError where a form asks for an item and none stands
 * out. docs/recognize.md tells the steps.
 */
export function prepare(picture: Picture, form: PictureForm): Prepared {
  if (form.channels === 1 || form.channels === 3)
    return form.kind === 'whole' ? whole(picture, form) : item(picture, form)
  throw new InputError({
    at: 'picture',
    expected: 'a network of gray pictures or of red, green and blue',
    received: `one of ${form.channels} channels`,
    hint: 'Give its prepared bytes to `predict`.',
  })
}

/** The item of a picture, cut out and placed on the form's ground. */
function item(picture: Picture, form: ItemForm): Prepared {
  const colors = composite(picture, form.backdrop)
  const background = findBackground(colors)
  const distance = distanceFrom(colors, background)
  const tolerance = Math.min(64, Math.max(TRIM, 1.5 * background.stray))
  const box = findItem(distance, tolerance)
  if (box === undefined) throw nothingThere(picture)
  const isOnLight = luma(background.color) > 127.5
  if (isOnLight === (form.ground === 'light') && hasForm(picture, form)) return same(picture)
  const found = relief(colors, background, { distance, tolerance, box })
  const pixels = place(found, box, form)
  if (form.ground === 'light') for (let p = 0; p < pixels.length; p++) pixels[p] = 255 - pixels[p]
  const isInverted = found.isInverted === (form.ground === 'dark')
  return { pixels: inChannels([pixels], form), box, isInverted, kind: found.kind }
}

/** Whether a picture is one of the form's very size, opaque and gray: on the form's ground, that is what a network was trained on. */
function hasForm({ width, height, data }: Picture, form: ItemForm): boolean {
  if (form.channels !== 1 || width !== form.width || height !== form.height) return false
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2] || data[at + 3] !== 255) return false
  }
  return true
}

function same({ width, height, data }: Picture): Prepared {
  const pixels = new Uint8Array(width * height)
  for (let p = 0; p < pixels.length; p++) pixels[p] = data[4 * p]
  return { pixels, box: { left: 0, top: 0, width, height }, isInverted: false, kind: 'same' }
}

/** The whole picture, or its middle, at another size, gray or in colors. */
function whole(picture: Picture, form: WholeForm): Prepared {
  const colors = composite(picture, form.backdrop)
  const size = fitted(colors, form)
  const shown = { width: Math.min(size.width, form.width), height: Math.min(size.height, form.height) }
  const box = middleOf(colors, {
    width: (colors.width * shown.width) / size.width,
    height: (colors.height * shown.height) / size.height,
  })
  const channels = form.channels === 1 ? [grayOf(colors)] : colors.channels
  const planes = channels.map((values) => bytesOf(framed({ ...colors, values }, box, shown, form)))
  return { pixels: inChannels(planes, form), box, isInverted: false, kind: 'whole' }
}

interface Extent {
  readonly width: number
  readonly height: number
}

const middleOf = (of: Extent, { width, height }: Extent): Box => ({
  left: (of.width - width) / 2,
  top: (of.height - height) / 2,
  width,
  height,
})

/** A box of a plane at a size, in the middle of the form and its backdrop. */
function framed(plane: Plane, box: Box, shown: Extent, form: WholeForm): Plane {
  const [columns, rows] = [shown.width, shown.height].map((side) => Math.max(1, Math.round(side)))
  const scaled = resample(plane, box, columns, rows)
  if (columns === form.width && rows === form.height) return scaled
  const values = new Float32Array(form.width * form.height).fill(form.backdrop === 'white' ? 255 : 0)
  const [left, top] = [(form.width - columns) >> 1, (form.height - rows) >> 1]
  for (let y = 0; y < rows; y++)
    values.set(scaled.values.subarray(y * columns, (y + 1) * columns), (top + y) * form.width + left)
  return { width: form.width, height: form.height, values }
}

function grayOf({ channels: [red, green, blue] }: Colors): Float32Array {
  const values = new Float32Array(red.length)
  for (let p = 0; p < values.length; p++) values[p] = luma([red[p], green[p], blue[p]])
  return values
}

/** Planes of bytes side by side, channels last; one plane stands for all channels. */
function inChannels(planes: readonly Uint8Array[], { channels }: PictureForm): Uint8Array {
  if (channels === 1) return planes[0]
  const pixels = new Uint8Array(channels * planes[0].length)
  for (let c = 0; c < channels; c++) {
    const plane = planes[c] ?? planes[0]
    for (let p = 0; p < plane.length; p++) pixels[p * channels + c] = plane[p]
  }
  return pixels
}

function nothingThere({ width, height }: Picture) {
  return new InputError({
    at: 'picture',
    expected: 'an item that stands out from its background',
    received: `${width}×${height} pixels of one color`,
  })
}
