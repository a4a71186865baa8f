import type { MiddlewareHandler } from 'hono'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'

/** Seconds over which a rate is averaged. */
const WINDOW = 10
/** Addresses that are remembered; beyond, those longest silent are forgotten. */
const ADDRESSES = 10_000

/** Refuses an address that asks more often than `rate` times a second, by a leaking bucket of `WINDOW` seconds; 0: nobody. */
export function rateLimit(rate: number): MiddlewareHandler<Env> {
  const buckets = new Map<string, { level: number; time: number }>()
  return (c, next) => {
    if (rate <= 0) return next()
    const address = c.env.incoming.socket.remoteAddress ?? ''
    const time = performance.now() / 1000
    const known = buckets.get(address)
    const level = known === undefined ? 0 : Math.max(0, known.level - (time - known.time) * rate)
    const isOver = level + 1 > rate * WINDOW
    buckets.delete(address) // the newest stands last
    buckets.set(address, { level: isOver ? level : level + 1, time })
    if (buckets.size > ADDRESSES) buckets.delete(buckets.keys().next().value as string)
    if (!isOver) return next()
    throw new Problem(429, `More than ${rate} requests a second from one address.`, {
      headers: { 'retry-after': String(Math.max(1, Math.ceil((level + 1 - rate * WINDOW) / rate))) },
    })
  }
}
