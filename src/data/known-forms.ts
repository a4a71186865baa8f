import { int32Bytes, sha256Hex } from '../base/hash.ts'
import { itemForm, type PictureForm } from '../pictures/form.ts'
import type { Images } from './images.ts'

/** A published set's form, and its content. */
interface KnownForm {
  /** The dataset's hash, where it is divided as it was published. */
  readonly hash: string
  /** The images whatever their order and division: as a whole, those for training alone, those for the test alone. */
  readonly contents: readonly string[]
  readonly form: PictureForm
}

const size = { width: 28, height: 28 }
const counts = [70_000, 60_000, 10_000]

const known: readonly KnownForm[] = [
  {
    hash: 'ee1865b98135b0dbc47f3a4daa22607fa0196ec08965ff7818ac68dd50644295',
    // Fashion-MNIST: the longer side fills the image (Xiao et al. 2017, §2).
    contents: [
      'a2a226c4a276ce7a9e175c37c43e8649f8674360c9627e512aac584c5458409a',
      '16b74bea09d982e9850161db2c827665cd10df8f66cd996567c0a1482401bccc',
      '7450bb486af192019eaaf524b5201b09bf0bb22b2b386fa5afc4b77b1f8ba951',
    ],
    form: itemForm(size, { origin: 'known', mean: [0.286], standardDeviation: [0.353] }),
  },
  {
    hash: '9eba8e1744a618cf40e0ddcf731cd467c8206bb09a6ee57925d1b58202449c37',
    // MNIST: 20 of 28 pixels, the center of mass in the middle (LeCun et al. 1998).
    contents: [
      '905b97b20ebe3bcfe48c228a6e693b23a1c044a190fdd74a3aa34f7c6aecc692',
      '062ef3814ddad8a3965048c45a965432e772e684bc9ff9a3e2a31118d59e40fd',
      '535a6b88d3e1532bcbaedc324839eafac587613ef100d32a50fc73857743e458',
    ],
    form: itemForm(size, {
      ...{ origin: 'known', longest: 20, center: 'mass' },
      ...{ mean: [0.1307], standardDeviation: [0.3081] },
    }),
  },
]

/**
 * The form of a published set, whatever file it comes from and in whatever order: known by its content. Undefined for
 * others, and for parts of it.
 */
export function knownForm(hash: string, parts: readonly Images[]): PictureForm | undefined {
  const published = known.find((each) => each.hash === hash)
  if (published !== undefined) return published.form
  const isCandidate = ({ height, width, channels }: Images) => height === 28 && width === 28 && channels === 1
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  if (!counts.includes(count) || !parts.every(isCandidate)) return undefined
  const content = contentOf(parts)
  return known.find(({ contents }) => contents.includes(content))?.form
}

/** SHA-256, hex, of the sum of all images, pixel by pixel: whatever their order and division, the same images have the same. */
function contentOf(parts: readonly Images[]): string {
  const [{ height, width, channels }] = parts
  const sums = new Int32Array(height * width * channels)
  for (const { pixels } of parts)
    for (let start = 0; start < pixels.length; start += sums.length)
      for (let p = 0; p < sums.length; p++) sums[p] += pixels[start + p]
  return sha256Hex(int32Bytes(sums))
}
