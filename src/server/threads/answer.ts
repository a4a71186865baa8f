import { parentPort } from 'node:worker_threads'
import { InputError } from '../../base/errors.ts'
import { TooLargePictureError } from '../../pictures/decode-picture.ts'
import type { Answer, Handlers, Question } from './thread.ts'

/** Answers the questions that come to this thread, each by the handler of its name; bytes are handed over, not copied. */
export function answer(handlers: Handlers): void {
  parentPort?.on('message', async ({ number, name, args }: Question) => {
    try {
      const value = await handlers[name](...args)
      say({ number, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [])
    } catch (error) {
      say({ number, ...told(error) })
    }
  })
}

const say = (message: Answer, transferred: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transferred)

/** An error as data: between threads it would lose its class and its parts. */
function told(error: unknown): Pick<Answer, 'refused' | 'failed'> {
  if (error instanceof InputError)
    return { refused: { ...error.parts, isTooLarge: error instanceof TooLargePictureError } }
  return { failed: error instanceof Error ? `${error.stack}` : String(error) }
}
