import type { ItemForm } from './form.ts'
import type { Box, Plane } from './picture.ts'
import { bytesOf, resample } from './resample.ts'

/** Edges that may be missing from an item's box, and how far it may stand from the middle, as shares of the image. */
const SLACK = 2 / 28

/**
 * Whether a picture is framed as the training data are: then it is taken whole, so that an image of the training data
 * comes out as it went in.
 */
function isFramed({ width, height }: Plane, box: Box, form: ItemForm): boolean {
  if (width * form.height !== height * form.width) return false
  const scale = form.width / width
  const longest = scale * Math.max(box.width, box.height)
  const slack = SLACK * form.width
  const aside = (from: number, length: number, whole: number) =>
    scale * Math.abs(from + length / 2 - whole / 2)
  return (
    Math.abs(longest - form.longest) <= slack &&
    aside(box.left, box.width, width) <= slack &&
    aside(box.top, box.height, height) <= slack
  )
}

/** The item of a plane at the form's size and place, as bytes of shape [height, width, 1]. */
export function place(item: Plane, box: Box, form: ItemForm): Uint8Array {
  const { width, height, longest } = form
  if (isFramed(item, box, form)) {
    return bytesOf(resample(item, { left: 0, top: 0, width: item.width, height: item.height }, width, height))
  }
  const scale = longest / Math.max(box.width, box.height)
  const columns = Math.max(1, Math.min(width, Math.round(scale * box.width)))
  const rows = Math.max(1, Math.min(height, Math.round(scale * box.height)))
  const scaled = resample(item, box, columns, rows)
  const middle = form.center === 'mass' ? centerOfMass(scaled) : { x: columns / 2, y: rows / 2 }
  // Where the room left is odd, the training data have the larger half above and on the left.
  const left = Math.min(Math.max(0, Math.ceil(width / 2 - middle.x)), width - columns)
  const top = Math.min(Math.max(0, Math.ceil(height / 2 - middle.y)), height - rows)
  const pixels = new Uint8Array(width * height)
  const bytes = bytesOf(scaled)
  for (let y = 0; y < rows; y++)
    pixels.set(bytes.subarray(y * columns, (y + 1) * columns), (top + y) * width + left)
  return pixels
}

/** In pixels from the left and from the top. */
function centerOfMass({ width, values }: Plane): { x: number; y: number } {
  let [x, y, sum] = [0, 0, 0]
  values.forEach((value, p) => {
    x += value * ((p % width) + 0.5)
    y += value * (Math.floor(p / width) + 0.5)
    sum += value
  })
  return { x: x / sum, y: y / sum }
}
