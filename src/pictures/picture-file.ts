import { lstat, stat } from 'node:fs/promises'
import { fileTrouble } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { readPlainFile } from '../base/plain-file.ts'
import { decodePicture } from './decode-picture.ts'
import type { PictureForm } from './form.ts'
import type { Picture } from './picture.ts'

/** The bytes that a picture's file may have. */
const MOST_BYTES = 64 * 2 ** 20

/** Bytes that decoding one may take: whoever names it on his own machine has sent it himself. One that needs much is decoded alone. */
const MOST_MEMORY = 2 ** 30

/** Whether a file of this name is looked for in folders: hidden ones, such as those that macOS leaves beside each, are not. */
export const isPictureName = (name: string) => /^[^.].*\.(avif|gif|jfif|jpe?g|png|tiff?|webp)$/i.test(name)

/** The bytes of a picture's file. Throws an InputError where it is none, or too large; devices and pipes are not waited for. */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  const refused = (received: string, cause?: unknown) =>
    new InputError({ at: path, expected: 'a picture', received }, { cause })
  return readPlainFile(path, { mostBytes: MOST_BYTES }).catch(async (cause) => {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EFBIG') {
      const { size } = await stat(path)
      throw refused(`a file of ${Math.round(size / 2 ** 20)} MiB, beyond ${MOST_BYTES / 2 ** 20}`, cause)
    }
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true
    const leadsNowhere = isLink && ['ENOENT', 'ELOOP'].includes(code ?? '')
    throw refused(leadsNowhere ? 'a link that leads nowhere' : fileTrouble(cause), cause)
  })
}

/** Decodes the file of a picture for a form, as `decodePicture` does; one of one's own may take more memory than one that was sent. */
export const decodePictureFile = async (path: string, form?: PictureForm): Promise<Picture> =>
  decodePicture(await readPictureFile(path), { memory: MOST_MEMORY, ...(form && { form }) })
