import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { Problem } from './problem.ts'

/** What a request says of where it comes from and whom it wants. */
export interface Origins {
  readonly method: string
  header(name: string): string | undefined
}

const nameIn = (host: string) =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()

/**
 * Refuses what only a foreign web page would send. A page that makes its own name point here (DNS rebinding) is known by
 * that name: a numeric address, `localhost` or a name of this machine cannot be rebound. And whatever may change
 * something must come from our own page or from no page at all.
 */
export function openGuard(names: readonly string[]) {
  const own = new Set(['localhost', hostname().toLowerCase(), ...names.map((name) => name.toLowerCase())])
  const isOurs = (name: string) => isIP(name) !== 0 || own.has(name) || name.endsWith('.localhost')
  return ({ method, header }: Origins) => {
    const host = header('host') ?? ''
    if (!isOurs(nameIn(host))) {
      throw new Problem(
        421,
        `This server does not answer to the name ${JSON.stringify(host.slice(0, 100))}.`,
        {
          hint: 'Start it with --name to give it that name.',
        },
      )
    }
    if (method === 'GET' || method === 'HEAD') return
    const site = header('sec-fetch-site')
    const origin = header('origin')
    const isForeign =
      (site !== undefined && site !== 'same-origin' && site !== 'none') ||
      (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host))
    if (isForeign) throw new Problem(403, 'Requests from other pages are not taken.')
  }
}
