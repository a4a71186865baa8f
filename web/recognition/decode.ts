import { InputError } from '../../src/base/errors.ts'
import { decodedSize } from '../../src/pictures/decoded-size.ts'
import type { PictureForm } from '../../src/pictures/form.ts'
import type { Picture } from '../../src/pictures/picture.ts'

/**
 * The pixels of a picture file, as this browser decodes it, or of a bitmap, for a form. A large one is shrunk to the size to
 * which Node shrinks it; the browser's own way of averaging may differ from Node's by a shade.
 */
export async function decode(given: Blob | ImageBitmap, form: PictureForm): Promise<Picture> {
  const bitmap = given instanceof Blob ? await bitmapOf(given) : given
  const { width, height } = decodedSize(bitmap, form)
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('This browser gives the page no canvas to read pictures with.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  if (bitmap !== given) bitmap.close()
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
