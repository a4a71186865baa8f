import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeModelFile } from '../src/record/model-file.ts'
import { hashWeights } from '../src/record/weights.ts'
import { openServer, type Server } from '../src/serving/http/server.ts'
import { atelier, documentOf, workplace } from './support/cli.ts'
import { expectNoFault, hasBrowser, startBrowser, visit } from './support/visit.ts'

const built = fileURLToPath(new URL('../dist/web', import.meta.url))
const place = workplace()
const small = 'data=silhouettes:train=400,test=60'

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser
  let server: Server
  beforeAll(async () => {
    server = await openServer({ runs: join(place.path, 'runs'), page: built, version: '0.0.0' })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  const open = (address: string, visitor: (page: Page) => Promise<void>, options = {}) =>
    visit(browser, `${server.url}/#/${address}`, visitor, options)
  const hashOn = async (page: Page) => (await page.locator('[data-hash]').textContent()) ?? ''
  const train = (page: Page) => page.getByRole('button', { name: /^Train/ }).click()

  test('two epochs in the browser come to the bits of the line that it shows, and the file holds them', async () => {
    await open(`train?model=cnn-small&epochs=2&optimizer=adam&dropout=0.2&${small}`, async (page) => {
      await train(page)
      const hash = await hashOn(page)
      const line = (await page.locator('.command code').textContent()) ?? ''
      const [program, ...args] = line.split(' ')
      expect(program).toBe('atelier')
      const answer = await atelier([...args, '--json', '--out', 'again'], { cwd: place.path })
      expect(documentOf(answer)).toMatchObject({ weightsHash: hash, arithmetic: 'strict' })

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download the model' }).click(),
      ])
      const file = decodeModelFile(new Uint8Array(await readFile(await download.path())), 'download')
      expect(hashWeights(file.tensors)).toBe(hash)
      expect(await page.getByRole('img', { name: 'Confusion matrix of the validation images' }).count()).toBe(
        1,
      )
      expect(await page.getByRole('img', { name: /32 filters of conv_2d_layer_1/ }).count()).toBe(1)
      await page.getByRole('radio', { name: 'Sandal, 10' }).check()
      await page.getByText('It is of class Sandal').waitFor()
      await expectNoFault(page)
    })
  })

  test('a network is built layer by layer, and what does not fit is explained as one types', async () => {
    await open(`train?model=own&epochs=1&${small}`, async (page) => {
      const layers = page.locator('.draft li')
      await layers.nth(3).getByText('→ [64], 200,768 parameters').waitFor()
      await layers.nth(0).getByLabel('Filters').fill('none')
      await layers.nth(0).getByText('expected a number, received "none"').waitFor()
      expect(await page.getByRole('button', { name: 'Train' }).isDisabled()).toBe(true)
      await layers.nth(0).getByLabel('Filters').fill('4')
      await layers
        .nth(2)
        .getByRole('button', { name: /Remove/ })
        .click()
      await layers.nth(2).getByText('Put flatten() before it.').waitFor()
      await page.getByLabel('Add a layer').selectOption('Flatten')
      await layers.nth(3).getByRole('button', { name: /up$/ }).click()
      await page.getByText('50,930 parameters in all').waitFor()
      await train(page)
      const hash = await hashOn(page)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /Save the network/ }).click(),
      ])
      await download.saveAs(join(place.path, 'own.json'))
      const line = (await page.locator('.command code').textContent()) ?? ''
      const args = [...line.split(' ').slice(1), '--json', '--out', 'own']
      expect(documentOf(await atelier(args, { cwd: place.path }))).toMatchObject({ weightsHash: hash })
    })
  })

  test('training pauses, goes on and stops; what was learnt until then is kept', async () => {
    await open(`train?model=mlp-small&epochs=500&${small}`, async (page) => {
      await train(page)
      await page.getByText(/^Epoch [1-9]\d of 500/).waitFor()
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByText('Paused.').waitFor()
      const told = () => page.locator('.progress .hint').textContent()
      await page.waitForTimeout(250)
      const before = await told()
      await page.waitForTimeout(250)
      expect(await told()).toBe(before)
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.waitForFunction(
        (text) => document.querySelector('.progress .hint')?.textContent !== text,
        before,
      )
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByText(/Stopped\. Best epoch \d+/).waitFor()
      expect(await hashOn(page)).toMatch(/^[0-9a-f]{64}$/)
    })
  })

  test('every setting that cannot be says why, in the words of the command line', async () => {
    const address = 'train?epochs=0&learning-rate=fast&init=zero&augment=spin&schedule=step&step-every=x'
    await open(`${address}&${small}`, async (page) => {
      for (const words of [
        'Expected a whole number from 1, received "0". 10 is usual.',
        'Expected a number above 0, received "fast". 0.01 is usual.',
        'flip, translate=PIXELS, erase=PROBABILITY',
        'received "zero"',
        'received "x"',
      ]) {
        await page.getByText(words).waitFor()
      }
      await expectNoFault(page)
    })
  })

  test('files of another kind are refused, and the page goes on', async () => {
    await open('train?data=idx:DIR', async (page) => {
      const files = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte'].map(
        (name) => ({ name, mimeType: '', buffer: Buffer.from('no images') }),
      )
      const input = page.getByLabel('Four IDX files')
      await input.setInputFiles(files)
      await page.getByText('no t10k-labels-idx1-ubyte').waitFor()
      await input.setInputFiles([...files, { ...files[0], name: 't10k-labels-idx1-ubyte' }])
      await page.getByText('It is no IDX file of unsigned bytes.').waitFor()
      await page.getByRole('radio', { name: 'Silhouettes' }).check()
      await page.getByLabel('Training images').fill('200')
      await page.getByText('160 images to learn from').waitFor()
    })
  })

  const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const
  test('an address that leads nowhere says so, in the dark and on a phone', async () => {
    const look = async (page: Page) => {
      await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
      await expectNoFault(page)
      await page.getByRole('link', { name: 'Train' }).first().click()
      await page.getByRole('heading', { name: 'Train', exact: true }).waitFor()
      await page.getByText('9,600 images to learn from').or(page.getByText('Drawing')).waitFor()
      await expectNoFault(page)
    }
    await open('nowhere', look, phone)
  })
})
