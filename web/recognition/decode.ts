import { InputError } from '../../src/base/errors.ts'
import type { Picture } from '../../src/pictures/picture.ts'

/** Larger pictures are made smaller first, as on the command line: no network here looks at more. */
const LONGEST = 1024

/** The pixels of a picture file, as this browser decodes it, or of a bitmap. */
export async function decode(given: Blob | ImageBitmap): Promise<Picture> {
  const bitmap = given instanceof Blob ? await bitmapOf(given) : given
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(scale * side)))
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('This browser gives the page no canvas to read pictures with.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

async function bitmapOf(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file)
  } catch (cause) {
    throw new InputError(
      {
        at: file instanceof File ? file.name : 'picture',
        expected: 'a picture that this browser can read',
        received: file.type === '' ? `${file.size} bytes of another kind` : `${file.type}`,
        hint: 'PNG, JPEG, WebP, GIF and AVIF are read everywhere.',
      },
      { cause },
    )
  }
}
