import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** CHROMIUM names a browser; else the system's, where there is one. Without any, tests of pages are skipped. */
const executablePath = [
  process.env.CHROMIUM,
  ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`),
].find((path) => path !== undefined && existsSync(path))
export const hasBrowser = executablePath !== undefined
if (!hasBrowser) console.warn('No Chromium here: the tests of pages are skipped. CHROMIUM names one.')

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--use-fake-device-for-media-stream'],
]

/** Starts the browser; close it after the tests. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args })

/**
 * Opens an address, hands the page to a visitor, and sees that it said nothing (but what is expected, as of a server that
 * refuses) and asked nobody but its own server.
 */
export async function visit(
  browser: Browser,
  address: string,
  visitor: (page: Page) => Promise<void>,
  { expected, ...options }: BrowserContextOptions & { readonly expected?: RegExp } = {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(170_000)
  const said: string[] = []
  page.on('console', (message) => expected?.test(message.text()) || said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(address).origin)
      said.push(request.url())
  })
  try {
    await page.goto(address)
    await visitor(page)
    expect(said).toEqual([])
  } finally {
    await context.close()
  }
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** Sees that axe finds no fault in what the page shows now, and that nothing lies beyond its edge. */
export async function expectNoFault(page: Page): Promise<void> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
  await page.evaluate(await readFile(path, 'utf8'))
  const { violations } = (await page.evaluate('axe.run()')) as AxeResult
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
  const [content, screen] = widths as [number, number]
  expect(content).toBeLessThanOrEqual(screen)
}
