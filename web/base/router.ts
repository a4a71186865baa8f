import { computed, signal } from '@preact/signals'

/** Where the page is: a view and what it is to show, as in `#/train?model=cnn-small&epochs=2`. */
export interface Route {
  readonly path: string
  readonly query: URLSearchParams
}

type Query = Readonly<Record<string, string | undefined>>

/** Earlier addresses of views, which may stand in bookmarks. */
const renamed: Readonly<Record<string, string>> = { recognise: 'recognize' }

function parseHash(hash: string): Route {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: renamed[path] ?? path, query: new URLSearchParams(query) }
}

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** The current route. Hashes work wherever the files are served from, also without a server of ours. */
export const route = computed(() => parseHash(hash.value))

/** The address of a route, for links. What is empty is left out. */
export function hrefOf(path: string, query: Query = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '')
  const text = new URLSearchParams(entries).toString()
  return `#/${path}${text === '' ? '' : `?${text}`}`
}

/** Writes what is shown into the address, without a step in the history; what is empty leaves it. */
export function updateQuery(changes: Query): void {
  const { path, query } = route.peek()
  const address = hrefOf(path, { ...Object.fromEntries(query), ...changes })
  if (address === location.hash) return
  history.replaceState(null, '', address)
  hash.value = address
}
