import { availableParallelism } from 'node:os'
import { memoryToDecode, TooLargePictureError } from '../../pictures/decode-picture.ts'
import type { PictureForm } from '../../pictures/form.ts'
import { memoryGate } from '../../pictures/memory-gate.ts'
import type { Limits } from '../limits.ts'
import { Problem } from '../problem.ts'
import { threadPool } from '../threads/pool.ts'
import { startThread } from '../threads/thread.ts'
import type { PictureHandlers } from './prepare.thread.ts'

/** Node reads files in four threads, where pictures are decoded too: one of them stays free. */
const MOST_THREADS = 3

/** Prepares pictures in threads of their own. */
export interface PicturePreparation {
  /** A picture's file in a form: bytes of shape [height, width, channels]. Throws a Problem where it is too large. */
  prepared(bytes: Uint8Array, form: PictureForm): Promise<Uint8Array>
  close(): Promise<void>
}

/** Starts no thread before the first picture comes. */
export function openPicturePreparation({
  pixels,
  memory,
  seconds,
}: Pick<Limits, 'pixels' | 'memory' | 'seconds'>): PicturePreparation {
  const limits = { pixels, memory, seconds }
  const gate = memoryGate(memory) // of all threads together
  const pool = threadPool(
    () => startThread<PictureHandlers>('./prepare.thread', import.meta.url),
    Math.min(MOST_THREADS, availableParallelism()),
  )
  return {
    async prepared(bytes, form) {
      try {
        const need = await memoryToDecode(bytes, { ...limits, form })
        return await gate.run(need, () =>
          pool.run((thread) => {
            const copy = bytes.slice() // the others of its form stay here
            return thread.ask('prepared', [copy, form, limits], [copy.buffer])
          }),
        )
      } catch (error) {
        if (!(error instanceof TooLargePictureError)) throw error
        throw new Problem(413, error.message, { ...error.parts, cause: error })
      }
    },
    close: () => pool.close(),
  }
}
