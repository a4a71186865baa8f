import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'
import type { Reserve } from './reserve.ts'

/** Room for a body at first; it doubles as the bytes come, whatever length was announced. */
const FIRST_BYTES = 16 * 1024

const tooLarge = (most: number) =>
  new Problem(413, `A request may have at most ${most.toLocaleString('en-US')} bytes.`, {
    headers: { connection: 'close' },
  })

/** How a body is read. */
export interface BodyOptions {
  /** Bytes that it may have. */
  readonly most: number
  readonly reserve: Reserve
  readonly signal: AbortSignal
  /** Looks at what has come so far, the first `length` bytes; what it throws ends the reading. */
  readonly onBytes?: (bytes: Uint8Array<ArrayBuffer>, length: number) => void
}

/** A body that is here, in memory that is set aside for it. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>
  release(): void
}

/** A request's body; beyond its limits nothing is kept. */
export async function readBody(
  incoming: IncomingMessage,
  { most, reserve, signal, onBytes = () => {} }: BodyOptions,
): Promise<Body> {
  const announced = Number(incoming.headers['content-length'] ?? most)
  if (incoming.headers['content-length'] !== undefined && announced > most) throw tooLarge(most)
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    let bytes = new Uint8Array(0)
    let length = 0
    const room = reserve.open((problem) => fail(problem))
    const done = () => {
      incoming.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown) => {
      done()
      room.release()
      reject(error)
    }
    const keep = (chunk: Buffer) => {
      if (length + chunk.length > most) throw tooLarge(most)
      if (length + chunk.length > bytes.length) {
        const wider = Math.min(most, announced, Math.max(FIRST_BYTES, 2 * (length + chunk.length)))
        room.widen(wider)
        const copy = new Uint8Array(wider)
        copy.set(bytes.subarray(0, length))
        bytes = copy
      }
      bytes.set(chunk, length)
      length += chunk.length
      onBytes(bytes, length)
    }
    const onData = (chunk: Buffer) => {
      try {
        keep(chunk)
      } catch (error) {
        fail(error)
      }
    }
    const onEnd = () => {
      done()
      room.complete()
      resolve({ bytes: bytes.subarray(0, length), release: room.release })
    }
    const onCut = () => fail(new Problem(400, 'The request ended before its body did.'))
    const onAbort = () => fail(signal.reason)
    incoming.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
