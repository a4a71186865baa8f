import type { MiddlewareHandler } from 'hono'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'

/**
 * Answers 503 once an answer has taken so many seconds. Beside what Hono's own time-out does, `c.var.signal` tells the work
 * that nobody waits for it any more: it is late, or the client has left.
 */
export const deadline =
  (seconds: number): MiddlewareHandler<Env> =>
  async (c, next) => {
    const { outgoing } = c.env
    const ended = new AbortController()
    const leave = () => ended.abort(new Problem(499, 'The client closed the connection.'))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const problem = new Problem(503, `This took longer than ${seconds} seconds.`, {
          headers: { 'retry-after': '1' },
        })
        ended.abort(problem)
        reject(problem)
      }, 1000 * seconds)
    })
    outgoing.once('close', leave)
    c.set('signal', ended.signal)
    try {
      await Promise.race([next(), late])
    } finally {
      clearTimeout(timer)
      outgoing.off('close', leave)
    }
  }
