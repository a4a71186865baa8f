import { philox } from '../../base/philox.ts'
import { below } from '../../base/random.ts'
import type { Attributes } from '../operation.ts'
import type { Meaning, Round } from './context.ts'

/** What happens to an image in an epoch: three Philox blocks of (key; image, epoch, 0…2). */
function drawView(a: Attributes, image: number, epoch: number) {
  const [mirror, vertical, horizontal] = philox(image, epoch, 0, 0, a.key0, a.key1)
  const [chance, tall, wide] = philox(image, epoch, 1, 0, a.key0, a.key1)
  const [above, before] = philox(image, epoch, 2, 0, a.key0, a.key1)
  const reach = 2 * a.translate + 1
  const erased = chance < a.eraseThreshold >>> 0
  const sizes = a.eraseHigh - a.eraseLow + 1
  const [rows, columns] = [a.eraseLow + below(tall, sizes), a.eraseLow + below(wide, sizes)]
  const [top, left] = [below(above, a.height - rows + 1), below(before, a.width - columns + 1)]
  return {
    mirrored: a.flip === 1 && (mirror & 1) === 1,
    down: below(vertical, reach) - a.translate,
    right: below(horizontal, reach) - a.translate,
    hole: (row: number, column: number) =>
      erased && row >= top && row < top + rows && column >= left && column < left + columns,
  }
}

/** Takes the batch's images from the bound slots: x = byte·scale + shift, each rounded; labels become floats. */
export function gather(round: Round) {
  const meaning: Meaning = ({ memory, slots, count, position }, { x, labels }, { pixels, scale, shift }) => {
    if (slots === undefined) throw new Error('gather: no images are bound to this session.')
    const [factor, offset] = [round(scale), round(shift)]
    for (let n = 0; n < count; n++) {
      const image = slots.order[position + n]
      memory[labels + n] = slots.labels?.[image] ?? -1
      for (let i = 0; i < pixels; i++) {
        memory[x + n * pixels + i] = round(round(slots.images[image * pixels + i] * factor) + offset)
      }
    }
  }
  const augmented: Meaning = ({ memory, slots, count, position, epoch }, { x, labels }, a) => {
    if (slots === undefined) throw new Error('gather: no images are bound to this session.')
    const { height, width, channels } = a
    const [factor, offset] = [round(a.scale), round(a.shift)]
    for (let n = 0; n < count; n++) {
      const image = slots.order[position + n]
      const { mirrored, down, right, hole } = drawView(a, image, epoch)
      memory[labels + n] = slots.labels?.[image] ?? -1
      for (let i = 0; i < height * width * channels; i++) {
        const [row, column, c] = [
          Math.floor(i / channels / width),
          Math.floor(i / channels) % width,
          i % channels,
        ]
        const [fromRow, shifted] = [row + down, column + right]
        const fromColumn = mirrored ? width - 1 - shifted : shifted
        const seen =
          fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width && !hole(row, column)
        const from = ((image * height + fromRow) * width + fromColumn) * channels + c
        const byte = seen ? slots.images[from] : a.fill
        memory[x + n * height * width * channels + i] = round(round(byte * factor) + offset)
      }
    }
  }

  return { gather: meaning, gatherAugmented: augmented }
}
