import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { reply } from './reply.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.safetensors': 'application/octet-stream',
}

const unbuilt = `Atelier is running; its page is not built here. To build it: npm run build
The API: /api/openapi.json
`

type Header = (name: string) => string | undefined

/**
 * Serves the built page from a directory. Only files that a listing of it showed are ever opened, so no address leads
 * elsewhere. The page keeps its own places behind a hash, so it has one address.
 */
export function openPage(directory: string | undefined) {
  let files = new Set<string>()
  const list = async () => {
    const found = directory === undefined ? [] : await walk(directory)
    files = new Set(found)
  }
  return async (path: string, header: Header): Promise<Response | undefined> => {
    const name = nameOf(path)
    if (directory === undefined || name === undefined) return path === '/' ? plain() : undefined
    if (!files.has(name)) await list()
    if (!files.has(name)) return name === 'index.html' && path === '/' ? plain() : undefined
    const bytes = await readFile(join(directory, name)).catch(() => undefined)
    if (bytes === undefined) return undefined
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    // Names under assets/ carry a hash of their content: they never change.
    const kept = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    const headers = {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'cache-control': kept,
      etag: tag,
    }
    if (header('if-none-match') === tag) return reply(304, null, headers)
    return reply(200, new Uint8Array(bytes), headers)
  }
}

const plain = () => reply(200, unbuilt, { 'content-type': 'text/plain; charset=utf-8' })

function nameOf(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path).slice(1)
    return name === '' ? 'index.html' : name
  } catch {
    return undefined
  }
}

async function walk(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
}
