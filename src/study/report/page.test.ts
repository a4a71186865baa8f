import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experimentsFixture } from './fixtures/experiments.ts'
import { imagesFixture, studyFixture } from './fixtures/study.ts'
import { renderHtml } from './report.ts'

/** CHROMIUM names a browser that lies elsewhere. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

describe.skipIf(!existsSync(executablePath))('the page in a browser', () => {
  let browser: Browser
  let directory: string
  let address: string
  let axe: string
  beforeAll(async () => {
    const study = { ...studyFixture(), experiments: experimentsFixture() }
    directory = await mkdtemp(join(tmpdir(), 'page-'))
    await writeFile(join(directory, 'report.html'), await renderHtml(study, imagesFixture()))
    address = `file://${join(directory, 'report.html')}`
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(directory, { recursive: true })
  })

  /** Opens the page, hands it to a visitor, and sees that it said nothing and asked for nothing. */
  async function visit(
    options: Parameters<Browser['newContext']>[0],
    visitor: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('request', (request) => {
      if (!/^(data:|file:.*report\.html)/.test(request.url())) said.push(request.url())
    })
    await page.goto(address)
    await visitor(page)
    expect(said).toEqual([])
    await context.close()
  }

  const widths = [1280, 800, 390]
  const schemes = ['light', 'dark'] as const
  test.each(widths.flatMap((width) => schemes.map((scheme) => [width, scheme] as const)))(
    'has nothing beyond its edge at %i pixels, %s',
    async (width, colorScheme) => {
      await visit({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      })
    },
  )
  // Colors differ between the schemes, the layout between a desk and a hand: two views have all of it.
  test.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('has no fault that axe finds at %i pixels, %s', async (width, colorScheme) => {
    await visit({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
      await page.evaluate(axe)
      const { violations } = (await page.evaluate('axe.run()')) as AxeResult
      expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([])
    })
  })

  const firstCell = '#confusion-mlp-small [role=button][tabindex="0"]'
  test('a cell of a confusion matrix opens its images by mouse, and closes', async () => {
    await visit({}, async (page) => {
      const cell = page.locator('#confusion-mlp-small [role=button]').first()
      await cell.click()
      const dialog = page.locator('dialog[open]')
      expect(await dialog.locator('h3').textContent()).toMatch(/ taken for .*: \d+/)
      expect(await dialog.locator('li').count()).toBeGreaterThan(0)
      expect(await dialog.locator('li').first().textContent()).toMatch(/^test image \d+$/)
      await dialog.getByRole('button', { name: 'Close' }).click()
      expect(await page.locator('dialog[open]').count()).toBe(0)
    })
  })
  test('the keyboard goes from cell to cell, opens one, and comes back to it', async () => {
    await visit({}, async (page) => {
      expect(await page.locator(firstCell).count()).toBe(1)
      await page.locator(firstCell).focus()
      const before = await page.evaluate('document.activeElement.getAttribute("aria-label")')
      await page.keyboard.press('ArrowDown')
      const after = await page.evaluate('document.activeElement.getAttribute("aria-label")')
      expect(after).not.toBe(before)
      await page.keyboard.press('Enter')
      expect(await page.locator('dialog[open]').count()).toBe(1)
      await page.evaluate(axe)
      const { violations } = (await page.evaluate('axe.run("dialog")')) as AxeResult
      expect(violations.map(({ id }) => id)).toEqual([])
      await page.keyboard.press('Escape')
      expect(await page.locator('dialog[open]').count()).toBe(0)
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(after)
    })
  })
  test('a curve names its run under the pointer and under the keyboard', async () => {
    await visit({}, async (page) => {
      const curves = page.locator('#curves-compared svg').first().locator('.hit')
      expect(await curves.count()).toBe(6)
      await curves.first().focus()
      expect(await page.locator('.tip').textContent()).toMatch(/^mlp-small: loss [\d.]+ after epoch 1/)
      await page.keyboard.press('ArrowDown')
      expect(await page.locator('.tip').textContent()).toMatch(/^mlp-medium: /)
      await page.keyboard.press('Escape')
      expect(await page.locator('.tip').isVisible()).toBe(false)
      await curves.nth(2).dispatchEvent('pointermove', { clientX: 300, clientY: 200 })
      expect(await page.locator('.tip').textContent()).toMatch(/^mlp-large: /)
      expect(await page.locator('#curves-compared path.faded').count()).toBe(5)
    })
  })
  test('without its script it shows everything, and names come as tooltips', async () => {
    await visit({ javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('#confusion-mlp-small g[data-mark="cell"] rect title').count()).toBe(100)
      expect(await page.locator('#curves-compared g[data-mark="line"] path title').count()).toBe(12)
      expect(await page.locator('#confusion-mlp-small svg').getAttribute('role')).toBe('img')
    })
  })
  test('on paper nothing is left of what answers on a screen', async () => {
    await visit({}, async (page) => {
      await page.emulateMedia({ media: 'print' })
      for (const selector of ['.tip', 'dialog', '.hit']) {
        expect(await page.locator(selector).first().isVisible()).toBe(false)
      }
    })
  })
})
