import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The text of a module as it lies beside this one: compiled already, or without its types. */
function scriptOf(url: URL): string {
  const text = readFileSync(url, 'utf8')
  if (!url.pathname.endsWith('.ts')) return text
  const swc = createRequire(import.meta.url)('@swc/wasm-typescript') as typeof import('@swc/wasm-typescript')
  return swc.transformSync(text, { mode: 'strip-only' }).code
}

/** Comments that have lines of their own, and lines with nothing on them. */
const silent = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)?(?:\n|$)/gm
const imports = /^import\s*\{([^}]*)\}\s*from\s*'([^']+)';?/gm
const exports = /^export (?=(?:(?:async )?function|const|class) (\w+))/gm

/**
 * Some of our modules as one expression that imports nothing: what the module at `entry` exports under `name`, with all
 * that it needs. Each keeps a scope of its own. It knows the forms of `import` and `export` that they are written in.
 */
export function bundle(entry: URL, name: string): string {
  const numbers = new Map<string, number>()
  const parts: string[] = []
  const add = (url: URL): number => {
    const known = numbers.get(url.href)
    if (known !== undefined) return known
    const body = scriptOf(url)
      .replaceAll(/[ \t]+$/gm, '')
      .replaceAll(silent, '')
      .replaceAll(imports, (_, names: string, from: string) => {
        const wanted = names.split(',').map((each) => each.trim())
        const used = wanted.filter((each) => each !== '')
        return used.length === 0 ? '' : `const { ${used.join(', ')} } = m${add(new URL(from, url))}`
      })
    const exported = Array.from(body.matchAll(exports), ([, each]) => each)
    const script = body.replaceAll(exports, '').trim()
    if (/^(import|export)\b/m.test(script))
      throw new Error(`${url} is not written so that it can be bundled.`)
    const number = numbers.size
    numbers.set(url.href, number)
    parts.push(`const m${number} = (() => {\n${script}\nreturn { ${exported.join(', ')} }\n})()`)
    return number
  }
  const last = add(entry)
  return `(() => {\n${parts.join('\n')}\nreturn m${last}.${name}\n})()`
}
