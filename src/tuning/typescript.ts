import * as nodeModule from 'node:module'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Whether this Node runs TypeScript by itself (22.18 and later). */
export const runsTypeScript = () => Boolean((process.features as { typescript?: unknown }).typescript)

/** A module, as an address, that makes Node take the types out of TypeScript files before it runs them. */
function hooks(): string {
  const swc = pathToFileURL(createRequire(import.meta.url).resolve('@swc/wasm-typescript')).href
  return dataAddress(`
    import { readFile } from 'node:fs/promises'
    import swc from ${JSON.stringify(swc)}
    export async function load(url, context, next) {
      if (!/^file:.*\\.m?ts(\\?.*)?$/.test(url)) return next(url, context)
      const source = await readFile(new URL(url), 'utf8')
      return { format: 'module', source: swc.transformSync(source, { mode: 'strip-only' }).code, shortCircuit: true }
    }`)
}

const dataAddress = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`

/** What is to be given to `node --import` so that it runs TypeScript; undefined where it does so by itself. */
export function typeScriptLoader(): string | undefined {
  if (runsTypeScript()) return undefined
  return dataAddress(`import { register } from 'node:module'; register(${JSON.stringify(hooks())})`)
}

let isRegistered = false

/** Imports a module by its path, TypeScript too on every Node that Atelier runs on. */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  if (/\.m?ts$/.test(path) && !runsTypeScript() && !isRegistered) {
    nodeModule.register(hooks())
    isRegistered = true
  }
  return (await import(pathToFileURL(path).href)) as Record<string, unknown>
}
