import type { Images } from '../../data/dataset.ts'
import { decimal } from '../../visualization/format.ts'
import type { TileLabel } from '../../visualization/image-grid.ts'
import type { NearPairRecord, SuspectRecord } from './record.ts'

/** Columns between the two images of a pair. */
const GAP = 2

/** Gray of the line between them, to be seen on white paper and on black. */
const LINE = 136

/** Each two images in a row side by side as one image, with a gray line between them. */
export function joinPairs({ count, height, width, channels, pixels }: Images): Images {
  const pairs = Math.floor(count / 2)
  const [line, joined] = [width * channels, (2 * width + GAP) * channels]
  const out = new Uint8Array(pairs * height * joined).fill(LINE)
  for (let i = 0; i < 2 * pairs; i++) {
    const corner = Math.floor(i / 2) * height * joined + (i % 2) * (line + GAP * channels)
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * line
      out.set(pixels.subarray(from, from + line), corner + y * joined)
    }
  }
  return { count: pairs, height, width: 2 * width + GAP, channels, pixels: out }
}

/** Labels of pairs: where both images are, what they are said to be, and how far they are apart. */
export function pairLabels(pairs: readonly NearPairRecord[], classNames: readonly string[]): TileLabel[] {
  return pairs.map(({ a, b, distance }) => {
    const [left, right] = [`${a.split} ${a.index}`, `${b.split} ${b.index}`]
    const isSame = a.label === b.label
    const what = isSame ? classNames[a.label] : `${classNames[a.label]} | ${classNames[b.label]}`
    const far = `${decimal(distance, 1)} gray levels`
    return { lines: [what, left, right, far], title: `${left} and ${right}: ${what}, ${far} apart` }
  })
}

/** Labels of suspects: what the label says, and what it probably should. */
export function suspectLabels(
  suspects: readonly SuspectRecord[],
  classNames: readonly string[],
): TileLabel[] {
  return suspects.map(({ split, index, given, likely, probability }) => {
    const label = `label ${classNames[given]}`
    const [should, how] = [`likely ${classNames[likely]}`, decimal(probability, 2)]
    const lines = [label, `${should} ${how}`, `${split} ${index}`]
    return { lines, title: `${split} image ${index}: ${label}, ${should} (${how})` }
  })
}
