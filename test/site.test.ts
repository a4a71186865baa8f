import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoFault, hasBrowser, startBrowser, visit } from './support/visit.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'site')
const types: Record<string, string> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
  ...{ '.png': 'image/png' },
}

/** Gives out the files below a path of its own, as a host of many sites does, and knows nothing else. */
function serveBelow(prefix: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0]).replace(/\/$/, '/index.html')
    const file = join(site, path.slice(prefix.length))
    const isThere = path.startsWith(`${prefix}/`) && existsSync(file)
    response.writeHead(isThere ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' })
    response.end(isThere ? readFileSync(file) : '')
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

describe('the static site', () => {
  let server: Server
  let address = ''
  let browser: Browser | undefined
  beforeAll(async () => {
    const { status, stderr } = spawnSync('node', ['scripts/build-site.mjs'], { cwd: root, encoding: 'utf8' })
    expect({ status, stderr }).toMatchObject({ status: 0 })
    server = await serveBelow('/class')
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/class`
    if (hasBrowser) browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test('whatever a page of the documentation links to is there', () => {
    const pages = readdirSync(join(site, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html') && !name.endsWith('report.html'))
      .map((name) => join(site, 'docs', name))
    const dead = pages.flatMap((page) => {
      const links = [...readFileSync(page, 'utf8').matchAll(/(?:href|src)="([^"#]+)[^"]*"/g)]
      const own = links.map(([, to]) => to).filter((to) => !/^[a-z]+:/i.test(to))
      return own
        .filter((to) => !existsSync(join(dirname(page), decodeURIComponent(to))))
        .map((to) => `${page}: ${to}`)
    })
    expect(pages.length).toBeGreaterThan(10)
    expect(dead).toEqual([])
  })

  test.skipIf(!hasBrowser)('it trains and recognizes without a server, below any path', async () => {
    await visit(
      browser!,
      `${address}/#/train?data=silhouettes:train=300,test=40&model=mlp-small&epochs=1`,
      async (page) => {
        expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
          'Recognize',
          'Train',
          'Documentation',
        ])
        await page.getByRole('button', { name: 'Train' }).click()
        await page.getByRole('link', { name: 'Recognize with it' }).click()
        await page.getByText('It knows 10 classes').waitFor()
        await page.getByRole('link', { name: 'Documentation' }).click()
        await page.getByRole('heading', { name: 'On a postcard' }).waitFor()
        await expectNoFault(page)
      },
    )
  })
})
