import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

/** CHROMIUM names a browser that lies elsewhere. */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromium)

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--remote-debugging-port=0', // without it a headless browser may end as soon as the page has loaded
]
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/** This folder's page and what it loads, by path, as Vite bundles them for anybody. */
async function bundle(): Promise<Map<string, string | Uint8Array>> {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const built = await build({ root, configFile: false, logLevel: 'warn', build: { write: false } })
  const { output } = built as Rolldown.RolldownOutput
  return new Map(output.map((file) => [`/${file.fileName}`, 'code' in file ? file.code : file.source]))
}

/** Serves the files; `onOutcome` gets what the page posts. */
function serve(files: Awaited<ReturnType<typeof bundle>>, onOutcome: (outcome: string) => void) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') onOutcome(await text(request))
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    response.writeHead(files.has(path) ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' })
    response.end(files.get(path))
  })
  return new Promise<typeof server>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

function startBrowser(profile: string, port: number) {
  const address = `http://127.0.0.1:${port}/`
  const options = { stdio: 'ignore', detached: true } as const // a process group, so that all of it can be ended
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, address], options)
  const ended = new Promise<void>((resolve) => {
    browser.once('close', () => resolve())
    browser.once('error', () => resolve())
  })
  return { browser, ended }
}

/** Ends the browser with all of its processes, and takes its profile away as far as they let go of it. */
async function stopBrowser(
  { browser, ended }: ReturnType<typeof startBrowser>,
  profile: string,
): Promise<void> {
  try {
    if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
  await ended
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {})
}

/** Opens a page in a real browser, this folder's unless told otherwise, and returns the first thing that it posts. */
export async function outcomeOfPage(given?: Map<string, string | Uint8Array>): Promise<unknown> {
  const files = given ?? (await bundle())
  const profile = mkdtempSync(join(tmpdir(), 'atelier-chromium-'))
  let told = (_: string) => {}
  const outcome = new Promise<string>((resolve) => {
    told = resolve
  })
  const server = await serve(files, told)
  const started = startBrowser(profile, (server.address() as AddressInfo).port)
  try {
    const early = started.ended.then(() => JSON.stringify({ error: 'the browser ended early' }))
    return JSON.parse(await Promise.race([outcome, early]))
  } finally {
    await stopBrowser(started, profile)
    server.close()
  }
}
