import { InputError } from '../base/errors.ts'
import type { Images } from '../data/dataset.ts'

/** What all images of a set have in common. */
export type ImageForm = Pick<Images, 'height' | 'width' | 'channels'>

/** Pictures decoded at a time: enough to keep every core busy, few enough to stay small. */
const AT_A_TIME = 16
const MOST_BYTES = 2 ** 30

/** The size given or that of the picture; one channel if it is gray, else three. */
export async function formOf(file: string, size?: { width: number; height: number }): Promise<ImageForm> {
  const sharp = await decoder()
  const { autoOrient, channels } = await sharp(file).metadata().catch(unreadable(file))
  const { width, height } = autoOrient // as the camera's orientation mark says
  return { width: size?.width ?? width, height: size?.height ?? height, channels: channels < 3 ? 1 : 3 }
}

/** Decodes pictures into one array, each stretched to the common size; what is transparent becomes white. */
export async function decodeImages(files: readonly string[], form: ImageForm): Promise<Uint8Array> {
  const sharp = await decoder()
  const size = form.height * form.width * form.channels
  checkMemory(files, size, form)
  const pixels = new Uint8Array(files.length * size)
  const decode = async (file: string, i: number): Promise<void> => {
    const bytes = await sharp(file)
      .rotate() // as the camera's orientation mark says
      .flatten({ background: 'white' })
      .resize(form.width, form.height, { fit: 'fill' })
      .toColorspace(form.channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer()
      .catch(unreadable(file))
    pixels.set(bytes, i * size)
  }
  for (let start = 0; start < files.length; start += AT_A_TIME)
    await Promise.all(files.slice(start, start + AT_A_TIME).map((file, i) => decode(file, start + i)))
  return pixels
}

/** Loaded when a picture is decoded and not before: it takes a tenth of a second that most commands need not wait. */
async function decoder() {
  return (await import('sharp')).default
}

function unreadable(file: string): (cause: Error) => never {
  return (cause) => {
    const received = cause.message.split('\n')[0]
    throw new InputError(
      { at: file, expected: 'a picture', received, hint: 'Mend or remove the file.' },
      { cause },
    )
  }
}

function checkMemory(files: readonly string[], size: number, { width, height }: ImageForm): void {
  if (files.length * size <= MOST_BYTES) return
  throw new InputError({
    at: 'folder',
    expected: `at most ${MOST_BYTES} bytes of pixels`,
    received: `${files.length} pictures of ${width}×${height}`,
    hint: 'Give a smaller size, as in folder:DIR@64x64.',
  })
}
