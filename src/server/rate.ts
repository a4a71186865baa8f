import { Problem } from './problem.ts'

/** Seconds over which a rate is averaged. */
const WINDOW = 10
/** Addresses that are remembered; beyond, those longest silent are forgotten. */
const ADDRESSES = 10_000

/** Refuses an address that asks more often than `rate` times a second, by a leaking bucket of `WINDOW` seconds. */
export function openRateLimit(rate: number, now = () => performance.now() / 1000) {
  const buckets = new Map<string, { level: number; time: number }>()
  return (address: string) => {
    if (rate <= 0) return
    const time = now()
    const known = buckets.get(address)
    const level = known === undefined ? 0 : Math.max(0, known.level - (time - known.time) * rate)
    const isOver = level + 1 > rate * WINDOW
    buckets.delete(address) // the newest stands last
    buckets.set(address, { level: isOver ? level : level + 1, time })
    if (buckets.size > ADDRESSES) buckets.delete(buckets.keys().next().value as string)
    if (!isOver) return
    throw new Problem(429, `More than ${rate} requests a second from one address.`, {
      headers: { 'retry-after': String(Math.max(1, Math.ceil((level + 1 - rate * WINDOW) / rate))) },
    })
  }
}
