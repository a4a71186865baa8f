import { computed, signal } from '@preact/signals'

/** A place on the page: a view and what it is to show, as in `#/train?model=cnn-small&epochs=2`. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

/** Views whose address was another before: saved places still lead there. */
const renamed: ReadonlyMap<string, string> = new Map([['recognise', 'recognize']])

function parseHash(hash: string): Place {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path: renamed.get(path) ?? path, query: new URLSearchParams(query) }
}

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** Where the page is. Hashes work wherever the files are served from, also without a server of ours. */
export const place = computed(() => parseHash(hash.value))

/** The address of a place, for links. */
export function addressOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString()
  return `#/${path}${text === '' ? '' : `?${text}`}`
}

/** Writes what is shown into the address without leaving a step in the history. */
export function remember(query: Readonly<Record<string, string>>): void {
  const address = addressOf(place.peek().path, query)
  if (address === location.hash) return
  history.replaceState(null, '', address)
  hash.value = address
}
