import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeIdxImages, writeIdxLabels } from '../src/data/idx.ts'
import { drawSilhouettes } from '../src/data/silhouettes/silhouettes.ts'
import type { Engine } from '../src/engine/backend.ts'
import { wasm } from '../src/engine/wasm.ts'
import { decodePicture } from '../src/pictures/decode-picture.ts'
import type { Prediction } from '../src/recognition/prediction.ts'
import { openPredictor } from '../src/recognition/predictor.ts'
import { trainedModel } from '../src/recognition/trained-model.ts'
import { decodeModelFile, encodeModelFile } from '../src/record/model-file.ts'
import { hashWeights } from '../src/record/weights.ts'
import { readModelFile } from '../src/runs/run.ts'
import { openServer, type Server } from '../src/server/server.ts'
import { percent } from '../src/visualization/format.ts'
import { atelier, documentOf, workplace } from './support/cli.ts'
import { expectNoFault, hasBrowser, startBrowser, visit } from './support/visit.ts'

const built = fileURLToPath(new URL('../dist/web', import.meta.url))
const place = workplace()
const small = 'data=silhouettes:train=400,test=60'

const strict: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
const silhouettes = drawSilhouettes(9, 'test', 10)
const idxSet = { train: drawSilhouettes(3, 'train', 200), test: drawSilhouettes(3, 'test', 40) }
const silhouette = (i: number) => silhouettes.pixels.slice(784 * i, 784 * (i + 1))

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser
  let server: Server
  beforeAll(async () => {
    const args = ['--model', 'cnn-small', '--data', 'silhouettes:train=400,test=60', '--arithmetic', 'strict']
    documentOf(await atelier(['train', ...args, '--json', '--out', 'model'], { cwd: place.path }))
    const runs = join(place.path, 'runs')
    server = await openServer({ runs, model: join(place.path, 'model'), page: built, version: '0.0.0' })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  const readModel = async () => trainedModel(await readModelFile(join(place.path, 'model')), 'model')
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
      await page.getByText('Its class is Sandal').waitFor()
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
      await page.getByRole('link', { name: 'Recognize with it' }).click()
      await page.getByText('own, trained on silhouettes').waitFor()
    })
  })

  test('training pauses, goes on and stops; what was learned until then is kept', async () => {
    await open(`train?model=mlp-small&epochs=500&${small}`, async (page) => {
      await train(page)
      await page.getByText(/^Epoch [1-9]\d of 500/).waitFor()
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByText('Paused.').waitFor()
      const told = () => page.locator('.progress .hint').textContent()
      await page.waitForTimeout(500)
      const before = await told()
      await page.waitForTimeout(500)
      expect(await told()).toBe(before)
      await page.getByRole('button', { name: 'Resume' }).click()
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
      await page.getByText('160 images for training').waitFor()
    })
  })

  test('a set of the server, and the same as files of one’s own, come to the bits of the command line', async () => {
    const { train: images, test: others } = idxSet
    const files = [
      ['train-images-idx3-ubyte', writeIdxImages(images)],
      ['train-labels-idx1-ubyte', writeIdxLabels(images.labels)],
      ['t10k-images-idx3-ubyte', writeIdxImages(others)],
      ['t10k-labels-idx1-ubyte.gz', gzipSync(writeIdxLabels(others.labels))],
    ] as const
    const directory = join(place.path, 'set')
    await mkdir(directory)
    for (const [name, bytes] of files) await writeFile(join(directory, name), bytes)
    const source = `idx:${directory}`
    const args = ['--model', 'mlp-small', '--data', source, '--epochs', '1', '--arithmetic', 'strict']
    const answer = await atelier(['train', ...args, '--json', '--out', 'of-set'], { cwd: place.path })
    const hash = documentOf(answer).weightsHash
    const owner = await openServer({
      ...{ runs: join(place.path, 'runs'), data: [source], page: built, version: '0.0.0' },
    })
    const address = `${owner.url}/#/train?model=mlp-small&epochs=1&data=${encodeURIComponent(source)}`
    await visit(
      browser,
      address,
      async (page) => {
        await train(page)
        expect(await hashOn(page)).toBe(hash)
        await page.getByRole('radio', { name: 'Your own files' }).check()
        await page.getByLabel('Four IDX files').setInputFiles(files.map(([name]) => join(directory, name)))
        await page.getByText('160 images for training').waitFor()
        await train(page)
        await page.getByText('--data idx:DIR').waitFor()
        expect(await hashOn(page)).toBe(hash)
        await owner.close()
        await page.getByRole('radio', { name: source }).check()
        await page.getByText('Is it still running?').waitFor()
      },
      { expected: /Failed to load resource/ },
    )
  })

  /** What the page would say. */
  const verdictOf = ({ className, probability, isSure }: Prediction) =>
    isSure ? `${className} ${percent(probability)}` : 'Not sure'

  test('an uploaded picture is recognized as Node recognizes it; a drawn one, one of a camera and a pasted one too', async () => {
    const picture = join(place.path, 'shoe.png')
    await sharp(
      silhouette(7).map((byte) => 255 - byte),
      { raw: { width: 28, height: 28, channels: 1 } },
    )
      .resize(240, 240)
      .extend({ top: 30, bottom: 50, left: 60, right: 10, background: '#fff' })
      .toFile(picture)
    const { form, predict, close } = openPredictor(await readModel(), strict)
    const bytes = await readFile(picture)
    const expected = verdictOf(predict(await decodePicture(bytes, { form })))
    close()

    const visitor = async (page: Page) => {
      const verdict = page.locator('.verdict')
      await page.getByText('It knows 10 classes').waitFor()
      await page.getByLabel('Choose a picture').setInputFiles(picture)
      await verdict.waitFor()
      expect(await verdict.textContent()).toBe(expected)
      await page.getByText('The network’s input: 28×28, gray, inverted.').waitFor()
      await page.getByRole('combobox', { name: 'What speaks for' }).selectOption('Bag')
      await page.getByRole('img', { name: 'In orange, what speaks for Bag' }).waitFor()
      await expectNoFault(page)

      await page.getByRole('radio', { name: 'A drawing' }).check()
      await page.getByText('No picture yet').waitFor()
      const sheet = await page.locator('.pad canvas').boundingBox()
      const at = (x: number, y: number) => page.mouse.move((sheet?.x ?? 0) + x, (sheet?.y ?? 0) + y)
      await at(90, 60)
      await page.mouse.down()
      for (let y = 60; y <= 220; y += 20) await at(y % 40 === 0 ? 190 : 90, y)
      await page.mouse.up()
      await verdict.waitFor()

      await page.getByRole('radio', { name: 'The camera' }).check()
      await page.getByText('No picture yet').waitFor()
      await page.getByRole('button', { name: 'Recognize', exact: true }).click()
      await verdict.or(page.getByText('stands out')).waitFor()

      await page.evaluate(async (text) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }))
        dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
      }, bytes.toString('base64'))
      await page
        .getByText(expected.replace(/ [\d.]+.*/, ''))
        .first()
        .waitFor()
      await page.getByRole('img', { name: 'As it was given' }).waitFor()
    }
    await open('recognize', visitor, { permissions: ['camera'] })
  })

  test('a network that is not sure says so; files of other kinds are refused, and the page goes on', async () => {
    const shy = join(place.path, 'shy.safetensors')
    const file = await readModel()
    await writeFile(shy, encodeModelFile({ ...file, metadata: { ...file.metadata, threshold: '1' } }))
    await open('recognize?model=file', async (page) => {
      await page.getByText('There is no network yet').waitFor()
      const weights = page.getByLabel('A safetensors file that Atelier wrote')
      await weights.setInputFiles({ name: 'x.safetensors', mimeType: '', buffer: Buffer.from('no weights') })
      await page.getByText('expected a safetensors file').waitFor()
      await weights.setInputFiles(shy)
      await page.getByText('It knows 10 classes').waitFor()
      const input = page.getByLabel('Choose a picture')
      await input.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') })
      await page.getByText('expected a picture that this browser can read').waitFor()
      await input.setInputFiles(join(place.path, 'shoe.png'))
      await page.getByText('Not sure').waitFor()
      await expectNoFault(page)
      await page.getByRole('radio', { name: 'The camera' }).check()
      await page.getByText('Camera access was denied').waitFor()
    })
  })

  const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const
  test('an address that leads nowhere says so, in the dark and on a phone', async () => {
    const look = async (page: Page) => {
      await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
      await expectNoFault(page)
      await page.getByRole('link', { name: 'Train' }).first().click()
      await page.getByRole('heading', { name: 'Train', exact: true }).waitFor()
      await page.getByText('9,600 images for training').or(page.getByText('Drawing')).waitFor()
      await expectNoFault(page)
    }
    await open('nowhere', look, phone)
    await open('recognise', (page) => page.getByRole('heading', { name: 'Recognize' }).waitFor()) // its earlier address
  })
})
