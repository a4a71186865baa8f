import { tooBusy } from './gate.ts'
import type { Limits } from './limits.ts'

/** Bodies of full size that may be in memory at once. */
const BODIES = 16

/** Memory for bodies, set aside before they are read: many large ones at once cannot fill the machine. */
export function openReserve({ bytes }: Pick<Limits, 'bytes'>) {
  let free = BODIES * bytes
  return (contentLength: string | undefined): (() => void) => {
    const wanted = Math.min(bytes, contentLength === undefined ? bytes : Number(contentLength) || 0)
    if (wanted > free) throw tooBusy('Too many large requests are here already.')
    free -= wanted
    return () => {
      free += wanted
    }
  }
}
