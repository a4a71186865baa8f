/*
 * Takes the pictures of the page in docs/gallery/: each view in light, in dark and as wide as a phone, so that a change in
 * looks is seen in review. Silhouettes alone. CHROMIUM names another browser.
 *
 *   npm run build && node scripts/page-gallery.mjs [SCENE…]
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { drawSilhouettes } from '../dist/data/silhouettes/silhouettes.js'
import { openServer } from '../dist/server/server.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const gallery = join(root, 'docs/gallery')
const looks = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
}

/** A boot, dark on light, as somebody might have photographed it. */
async function boot(directory) {
  const path = join(directory, 'boot.png')
  const { pixels, labels } = drawSilhouettes(9, 'test', 40)
  const i = labels.indexOf(9)
  const dark = pixels.slice(784 * i, 784 * (i + 1)).map((byte) => 255 - byte)
  await sharp(dark, { raw: { width: 28, height: 28, channels: 1 } })
    .resize(300, 300, { kernel: 'cubic' })
    .extend({ top: 60, bottom: 40, left: 80, right: 60, background: 'white' })
    .toFile(path)
  return path
}

const data = 'silhouettes:train=1200,test=300'

/** Runs of three seeds, one of another network that was tested, and a search: what the views of records show. */
function makeRecords(directory) {
  const main = join(root, 'dist/cli/main.js')
  const atelier = (...args) => execFileSync(process.execPath, [main, ...args, '--quiet'], { cwd: directory })
  const train = (name, model, ...more) =>
    atelier('train', '--model', model, '--data', data, '--out', name, ...more)
  for (const seed of ['1', '2', '3'])
    train(`mlp-small-${seed}`, 'mlp-small', '--epochs', '12', '--seed', seed)
  train('cnn-small', 'cnn-small', '--epochs', '8')
  atelier('evaluate', 'cnn-small')
  const search = ['--trials', '40', '--epochs', '4', '--pruner', 'asha', '--workers', '2', '--data']
  atelier('tune', 'mlp', ...search, 'silhouettes:train=300,test=60', '--out', 'mlp-search')
}

/** Goes down a page, so that what is drawn when it comes into sight is drawn. */
async function seeAll(page) {
  await page.waitForTimeout(1000)
  for (let i = 0; i < 8; i++) {
    await page.mouse.wheel(0, 700)
    await page.waitForTimeout(250)
  }
  await page.evaluate(() => scrollTo(0, 0))
}

const scenes = {
  async runs(page) {
    await page.goto(`${page.origin}/#/runs?group=seeds&smooth=0.3&sort=-valAccuracy`)
    await page.locator('.overlaid svg').waitFor()
  },
  async run(page) {
    await page.goto(`${page.origin}/#/runs?run=cnn-small`)
    await page.locator('.tiles li').first().waitFor()
    await seeAll(page)
  },
  async search(page) {
    await page.goto(`${page.origin}/#/search?search=mlp-search&brush=optimizer~0.5~1`)
    await page.locator('.drawing svg').first().waitFor()
    await seeAll(page)
  },
  async data(page) {
    await page.goto(`${page.origin}/#/data`)
    await page.locator('.tiles li').first().waitFor()
    await seeAll(page)
  },
  async train(page) {
    await page.goto(`${page.origin}/#/train?data=silhouettes:train=2000,test=200&epochs=6&optimizer=adam`)
    await page.getByRole('button', { name: /^Train/ }).click()
    await page.locator('[data-hash]').waitFor()
    await page.getByRole('radio', { name: 'Ankle boot, 18' }).check()
  },
  async build(page) {
    const layers =
      'conv2d(filters=16,kernel=5,activation=relu);maxPool2d(pool=2);dense(units=64,activation=relu)'
    await page.goto(`${page.origin}/#/train?data=silhouettes:train=500,test=60&model=own&layers=${layers}`)
    await page.getByText('Put flatten() before it.').waitFor()
    await page.getByText('400 images for training').waitFor()
  },
  async recognize(page, directory) {
    await page.goto(`${page.origin}/#/train?data=silhouettes:train=2000,test=200&epochs=4&optimizer=adam`)
    await page.getByRole('button', { name: /^Train/ }).click()
    await page.getByRole('link', { name: 'Recognize with it' }).click()
    await page.getByText('It knows 10 classes').waitFor()
    await page.getByLabel('Choose a picture').setInputFiles(await boot(directory))
    await page.locator('.verdict').waitFor()
  },
}

const directory = await mkdtemp(join(tmpdir(), 'page-gallery-'))
const wanted = process.argv.slice(2)
if (wanted.length === 0 || wanted.some((name) => /^(runs?|search)$/.test(name))) makeRecords(directory)
const server = await openServer({
  runs: directory,
  data: [data],
  page: join(root, 'dist/web'),
  version: '0.0.0',
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
})
for (const [scene, play] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(scene)) continue
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
    const page = Object.assign(await context.newPage(), { origin: server.url })
    page.setDefaultTimeout(120_000)
    await play(page, directory)
    await page.waitForTimeout(1500) // figures are drawn in turns
    const picture = await page.screenshot({ fullPage: true })
    const width = look === 'phone' ? 390 : 960
    await sharp(picture)
      .resize({ width })
      .png({ palette: true, quality: 80, effort: 8 })
      .toFile(join(gallery, `page-${scene}-${look}.png`))
    await context.close()
  }
}
await browser.close()
await server.close()
await rm(directory, { recursive: true })
