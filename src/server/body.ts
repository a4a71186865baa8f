import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'
import { FIRST_BYTES, type Reservation } from './reserve.ts'

const tooLarge = (most: number) =>
  new Problem(413, `A request may have at most ${most.toLocaleString('en-US')} bytes.`, {
    headers: { connection: 'close' },
  })

/** A request's body, of at most so many bytes, in memory that is set aside for it; beyond them nothing is kept. */
export async function readBody(
  incoming: IncomingMessage,
  most: number,
  { widen }: Reservation,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = incoming.headers['content-length']
  if (announced !== undefined && Number(announced) > most) throw tooLarge(most)
  return new Promise((resolve, reject) => {
    let bytes = new Uint8Array(announced === undefined ? FIRST_BYTES : Number(announced))
    let length = 0
    const done = (settle: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onData = (chunk: Buffer) => {
      if (length + chunk.length > most) return done(() => reject(tooLarge(most)))
      if (length + chunk.length > bytes.length) {
        const room = Math.min(most, 2 * (length + chunk.length))
        try {
          widen(room)
        } catch (error) {
          return done(() => reject(error))
        }
        const wider = new Uint8Array(room)
        wider.set(bytes.subarray(0, length))
        bytes = wider
      }
      bytes.set(chunk, length)
      length += chunk.length
    }
    const onEnd = () => done(() => resolve(bytes.subarray(0, length)))
    const onError = () => done(() => reject(cut()))
    const onClose = () => done(() => reject(cut()))
    const onAbort = () => done(() => reject(signal.reason))
    const cut = () => new Problem(400, 'The request ended before its body did.')
    if (signal.aborted) return reject(signal.reason)
    incoming.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** A file of a form. */
export interface Part {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The files of a multipart form (RFC 7578). */
export async function readParts(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
  most: number,
): Promise<Part[]> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch((cause) => {
      throw new Problem(400, 'The multipart form cannot be read.', {
        hint: 'With curl: -F image=@picture.png',
        cause,
      })
    })
  const files = [...form.values()].filter((value) => typeof value !== 'string')
  if (files.length === 0) {
    throw new Problem(400, 'The form holds no file.', { hint: 'With curl: -F image=@picture.png' })
  }
  if (files.length > most) throw new Problem(413, `A request may have at most ${most} pictures.`)
  return Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  )
}
