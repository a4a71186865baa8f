import { homedir } from 'node:os'
import { join } from 'node:path'

/** What a search for data may look at. Passed in, so that a test sees nothing of the machine that it runs on. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  readonly fetch: typeof fetch
}

/** The process's own environment, home and network. */
export function processSurroundings(): Surroundings {
  return { environment: process.env, homeDirectory: homedir(), fetch: globalThis.fetch }
}

/** Where downloads are kept: `$XDG_CACHE_HOME/atelier`, else `~/.cache/atelier`. */
export function cacheDirectory({ environment, homeDirectory }: Surroundings): string {
  return join(environment.XDG_CACHE_HOME || join(homeDirectory, '.cache'), 'atelier')
}
