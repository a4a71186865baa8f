import { stat } from 'node:fs/promises'
import { fileTrouble } from '../base/directory.ts'
import { InputError, within } from '../base/errors.ts'
import { decoder } from './decoder.ts'
import { type PictureForm, wholeForm } from './form.ts'
import { type FormWish, wished } from './form-wish.ts'
import { median } from './measure.ts'
import { luma, type Picture } from './picture.ts'
import { decodePictureFile } from './picture-file.ts'
import { prepare } from './prepare.ts'

/** Pictures decoded at a time: enough to keep every core busy, few enough to stay small. */
const AT_A_TIME = 16
const MOST_BYTES = 2 ** 30
/** Pictures with transparency that are looked at to choose what is laid behind them. */
const LOOKED_AT = 64
/** What is seen of transparent pictures is this light, 0 to 255: on white it would hardly be seen. */
const PALE = 0.8 * 255

/** What a picture's header says. */
interface Header {
  readonly width: number
  readonly height: number
  readonly isGray: boolean
  readonly isTransparent: boolean
}

/** Training pictures in the form that was measured on them. */
export interface ReadPictures {
  readonly form: PictureForm
  /** Bytes of shape [count, height, width, channels]. */
  readonly pixels: Uint8Array
}

/**
 * Reads training pictures and finds their form: of all of them the median width and height, gray if none has a color, over
 * white unless what is seen of the transparent ones is pale. What is asked for goes before what is measured.
 */
export async function readTrainingPictures(files: readonly string[], wish: FormWish): Promise<ReadPictures> {
  const headers = await each(files, headerOf)
  const size = wish.size ?? {
    width: median(headers.map(({ width }) => width)),
    height: median(headers.map(({ height }) => height)),
  }
  const transparent = files.filter((_, i) => headers[i].isTransparent)
  const backdrop = wish.backdrop ?? (await backdropFor(transparent))
  const found = wished(wholeForm({ ...size, channels: 3 }, { backdrop }), wish)
  const mayBeGray = found.kind === 'item' || headers.every(({ isGray }) => isGray)
  const form = { ...found, channels: wish.channels ?? (mayBeGray ? 1 : 3) }
  const { pixels, isGray } = await readAll(files, form)
  if (!isGray || form.channels === 1 || wish.channels !== undefined) return { form, pixels }
  return { form: { ...form, channels: 1 }, pixels: pixels.filter((_, i) => i % 3 === 0) }
}

/** Reads pictures, each brought to a form by `prepare`, into bytes of shape [count, height, width, channels]. */
export async function readPictures(files: readonly string[], form: PictureForm): Promise<Uint8Array> {
  return (await readAll(files, form)).pixels
}

async function readAll(files: readonly string[], form: PictureForm) {
  const size = form.height * form.width * form.channels
  checkMemory(files, size, form)
  const pixels = new Uint8Array(files.length * size)
  let isGray = true
  await each(files, async (file, i) => {
    const picture = await decodePictureFile(file, form)
    isGray &&= hasNoColor(picture)
    pixels.set(prepare(picture, form).pixels, i * size)
  })
  return { pixels, isGray }
}

/** Does some work for every file, a few at a time; what goes wrong names the file. */
async function each<T>(
  files: readonly string[],
  work: (file: string, i: number) => Promise<T>,
): Promise<T[]> {
  const found = new Array<T>(files.length)
  for (let start = 0; start < files.length; start += AT_A_TIME) {
    const some = files.slice(start, start + AT_A_TIME).map(async (file, k) => {
      found[start + k] = await work(file, start + k).catch((error) => {
        throw inFile(file, error)
      })
    })
    await Promise.all(some)
  }
  return found
}

/** What is wrong with a picture, at its file. */
const inFile = (file: string, error: unknown) =>
  error instanceof InputError && error.parts.at === 'picture'
    ? new InputError({ ...error.parts, at: file }, { cause: error })
    : within(file, error)

async function headerOf(file: string): Promise<Header> {
  const found = await stat(file).catch((cause) => {
    throw new InputError({ at: file, expected: 'a picture', received: fileTrouble(cause) }, { cause })
  })
  if (!found.isFile())
    throw new InputError({ at: file, expected: 'a picture', received: 'something that is no file' })
  const sharp = await decoder()
  const { autoOrient, channels, hasAlpha } = await sharp(file, { pages: 1 })
    .metadata()
    .catch((cause: Error) => {
      const received = cause.message.split('\n')[0]
      const hint = 'Fix or remove the file.'
      throw new InputError({ at: file, expected: 'a picture', received, hint }, { cause })
    })
  const { width, height } = autoOrient // as the camera's orientation mark says
  return { width, height, isGray: channels < 3, isTransparent: hasAlpha }
}

/** Whether a picture is gray wherever it is seen. */
function hasNoColor({ data }: Picture): boolean {
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 0 && (data[at] !== data[at + 1] || data[at] !== data[at + 2])) return false
  return true
}

/** Black where what is seen of most transparent pictures is pale, else white. */
async function backdropFor(transparent: readonly string[]): Promise<'white' | 'black'> {
  const step = Math.max(1, transparent.length / LOOKED_AT)
  const some = Array.from(
    { length: Math.min(LOOKED_AT, transparent.length) },
    (_, k) => transparent[Math.floor(k * step)],
  )
  const lights = await each(some, async (file) => lightOf(await decodePictureFile(file)))
  const seen = lights.filter((light) => light !== undefined)
  return seen.length > 0 && median(seen) > PALE ? 'black' : 'white'
}

/** The mean luma of what is seen of a picture with holes, 0 to 255; undefined where it has none, or nothing is seen. */
function lightOf({ data }: Picture): number | undefined {
  let [sum, weight] = [0, 0]
  for (let at = 0; at < data.length; at += 4) {
    sum += data[at + 3] * luma([data[at], data[at + 1], data[at + 2]])
    weight += data[at + 3]
  }
  return weight === 0 || weight === (255 * data.length) / 4 ? undefined : sum / weight
}

function checkMemory(files: readonly string[], size: number, { width, height }: PictureForm): void {
  if (files.length * size <= MOST_BYTES) return
  throw new InputError({
    at: 'folder',
    expected: `at most ${MOST_BYTES} bytes of pixels`,
    received: `${files.length} pictures of ${width}×${height}`,
    hint: 'Give a smaller size, as in folder:DIR@64x64.',
  })
}
