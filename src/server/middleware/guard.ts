import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { MiddlewareHandler } from 'hono'
import { Problem } from '../problem.ts'

const nameIn = (host: string) =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()

/**
 * Refuses what only a foreign web page would send. A page that makes its own name point here (DNS rebinding) is known by
 * that name: a numeric address, `localhost` or a name of this machine cannot be rebound. And whatever may change
 * something must come from our own page or from no page at all (Hono's `csrf` lets through what is no HTML form).
 */
export function guard(names: readonly string[]): MiddlewareHandler {
  const own = new Set(['localhost', hostname().toLowerCase(), ...names.map((name) => name.toLowerCase())])
  const isOurs = (name: string) => isIP(name) !== 0 || own.has(name) || name.endsWith('.localhost')
  return (c, next) => {
    const host = c.req.header('host') ?? ''
    if (!isOurs(nameIn(host))) {
      const name = JSON.stringify(host.slice(0, 100))
      throw new Problem(421, `This server does not answer to the name ${name}.`, {
        hint: 'Start it with --name to give it that name.',
      })
    }
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    const site = c.req.header('sec-fetch-site')
    const origin = c.req.header('origin')
    const isForeign =
      (site !== undefined && site !== 'same-origin' && site !== 'none') ||
      (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host))
    if (!isRead && isForeign) throw new Problem(403, 'Requests from other pages are not accepted.')
    return next()
  }
}
