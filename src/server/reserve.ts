import { tooBusy } from './concurrency-limit.ts'
import type { Limits } from './limits.ts'

/** Bodies of full size that may be in memory at once. */
const BODIES = 16

/** Room for a body whose length was not announced, at first. */
export const FIRST_BYTES = 64 * 1024

/** Memory that is set aside for a body. */
export interface Reservation {
  /** Sets aside so many bytes in all; throws 503 where too much is taken. */
  widen(bytes: number): void
  release(): void
}

/** Memory for bodies, set aside before they are read: many large ones at once cannot fill the machine. */
export function openReserve({ bytes }: Pick<Limits, 'bytes'>) {
  let free = BODIES * bytes
  return (contentLength: string | undefined): Reservation => {
    let held = 0
    const widen = (wanted: number) => {
      const more = Math.min(bytes, wanted) - held
      if (more <= 0) return
      if (more > free) throw tooBusy('Too many large requests are here already.')
      free -= more
      held += more
    }
    widen(contentLength === undefined ? FIRST_BYTES : Number(contentLength) || 0)
    return {
      widen,
      release() {
        free += held
        held = 0
      },
    }
  }
}
