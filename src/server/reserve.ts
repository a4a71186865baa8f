import { tooBusy } from './concurrency-limit.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** Bodies of full size that may be in memory at once. */
const BODIES = 4
/** Milliseconds that a body has before it may have to make way. */
const GRACE = 1000

/** Memory for a body, taken as its bytes come. */
export interface Reservation {
  /** Sets aside so many bytes in all. Where too much is taken, bodies that come too slowly make way; throws 503 where none does. */
  widen(bytes: number): void
  /** The body is here: nothing else is waited for, and it makes way for nobody. */
  complete(): void
  release(): void
}

interface Held {
  readonly since: number
  readonly giveWay: (problem: Problem) => void
  bytes: number
  isComplete: boolean
}

/** Memory for the bodies of requests: many large ones at once cannot fill the machine, and none that does not come keeps others out. */
export function openReserve({ bytes: most }: Pick<Limits, 'bytes'>, now = () => performance.now()) {
  const bodies = new Set<Held>()
  let free = BODIES * most

  const give = (body: Held) => {
    free += body.bytes
    body.bytes = 0
    bodies.delete(body)
  }
  /** Those that may have to make way for another: first the one of which least has come in its time. */
  const slowest = (other: Held) => {
    const rate = ({ bytes, since }: Held) => bytes / (now() - since)
    return [...bodies]
      .filter((body) => body !== other && !body.isComplete && now() - body.since > GRACE)
      .sort((a, b) => rate(a) - rate(b))
  }

  return {
    /** Bytes that are taken now. */
    get taken() {
      return BODIES * most - free
    },
    /** A reservation of nothing yet; `giveWay` is called when its memory is taken away. */
    open(giveWay: (problem: Problem) => void): Reservation {
      const body: Held = { since: now(), giveWay, bytes: 0, isComplete: false }
      bodies.add(body)
      return {
        widen(bytes) {
          const more = bytes - body.bytes
          for (const slow of more > free ? slowest(body) : []) {
            if (more <= free) break
            give(slow)
            slow.giveWay(new Problem(408, 'The request came too slowly while others were waiting.'))
          }
          if (more > free) throw tooBusy('Too many large requests are here already.')
          free -= more
          body.bytes = bytes
        },
        complete() {
          body.isComplete = true
        },
        release: () => give(body),
      }
    },
  }
}
export type Reserve = ReturnType<typeof openReserve>
