import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunEvent } from '../src/record/events.ts'
import { encodeLines } from '../src/record/lines.ts'
import { filesIn } from '../src/record/record-files.ts'
import { readManifest } from '../src/runs/run.ts'
import { openServer, type Server } from '../src/server/server.ts'
import { atelier, documentOf, main, workplace } from './support/cli.ts'
import { expectNoFault, hasBrowser, startBrowser, visit } from './support/visit.ts'

/*
 * Runs, searches and data on the page, in a real browser: records that commands write while the page looks, and
 * everything that can go wrong with them.
 */

const built = fileURLToPath(new URL('../dist/web', import.meta.url))
const place = workplace()
const source = 'silhouettes:train=300,test=60'
const training = ['--model', 'mlp-small', '--data', source, '--threads', '1'] as const
const refused = { expected: /Failed to load resource/ }
const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const

describe.skipIf(!hasBrowser)('records on the page', () => {
  let browser: Browser
  let server: Server
  const children = new Set<ReturnType<typeof spawn>>()
  const at = (...names: string[]) => join(place.path, 'runs', ...names)

  beforeAll(async () => {
    await mkdir(at(), { recursive: true })
    const run = async (name: string, ...more: string[]) =>
      documentOf(
        await atelier(['train', ...training, ...more, '--json', '--out', at(name)], { cwd: place.path }),
      )
    const evaluated = run('first', '--epochs', '3').then(async () =>
      documentOf(await atelier(['evaluate', at('first'), '--json'], { cwd: place.path })),
    )
    await Promise.all([evaluated, run('second', '--epochs', '3', '--seed', '2')])
    await run('other', '--epochs', '2', '--learning-rate', '0.05')
    server = await openServer({ runs: at(), data: [source], page: built, version: '0.0.0' })
    browser = await startBrowser()
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await browser?.close()
    await server?.close()
  })

  const open = (
    address: string,
    visitor: (page: Page) => Promise<void>,
    options: BrowserContextOptions & { readonly expected?: RegExp } = {},
  ) => visit(browser, `${server.url}/#/${address}`, visitor, options)

  /** Starts a command that goes on while the page looks; `ended` resolves with its exit code and what it said. */
  function start(...args: readonly string[]) {
    const { PATH = '' } = process.env
    const child = spawn(process.execPath, [main, ...args], {
      cwd: place.path,
      env: { PATH, HOME: place.path },
    })
    children.add(child)
    let out = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, out, err: '' }))
    return { child, ended }
  }

  const begin = (...args: readonly string[]) => start(...args).ended

  /** Resolves once a file holds a text. */
  async function written(path: string, text: string) {
    while (!(await readFile(path, 'utf8').catch(() => '')).includes(text)) await setTimeout(20)
  }

  /** Where an element is, once its figure is no more drawn anew and those above it have taken their height. */
  async function settled(page: Page, selector: string) {
    const look = async () => {
      await page.evaluate(
        (name) => document.querySelector(name)?.scrollIntoView({ block: 'center' }),
        selector,
      )
      return JSON.stringify(
        await page
          .locator(selector)
          .boundingBox({ timeout: 1000 })
          .catch(() => null),
      )
    }
    let before = 'null'
    for (;;) {
      await page.waitForTimeout(400)
      const now = await look()
      if (now === before && now !== 'null') {
        return JSON.parse(now) as { x: number; y: number; width: number; height: number }
      }
      before = now
    }
  }

  const rows = (page: Page) => page.locator('.runs-table tbody tr')
  const status = (page: Page) => page.locator('.lead .status').textContent()

  test('a run that begins while one looks appears in the list, and is followed to its end', async () => {
    await open('runs', async (page) => {
      await page.getByText('3 runs.').waitFor()
      const { child, ended } = start('train', ...training, '--epochs', '20', '--json', '--out', at('live'))
      // Held still after its first epoch, so that it is seen while it goes on, however fast or busy the machine is.
      await written(at('live', 'events.jsonl'), '"epoch"')
      child.kill('SIGSTOP')
      await page.getByRole('link', { name: 'live', exact: true }).first().click()
      await page.getByRole('heading', { name: 'live' }).waitFor()
      await page.getByText(/^Epoch \d+ of 20/).waitFor()
      expect((await status(page))?.trim()).toBe('running')
      await page.getByRole('img', { name: 'Loss of live' }).waitFor()
      child.kill('SIGCONT')
      const { weightsHash } = documentOf<{ weightsHash: string }>(await ended)
      await page.getByText(weightsHash.slice(0, 16)).waitFor()
      expect((await status(page))?.trim()).toBe('finished')
      await page.getByText('20 of 20').waitFor()
      await expectNoFault(page)
    }).finally(() => rm(at('live'), { recursive: true, force: true }))
  })

  test('runs are found, sorted, laid over one another and told apart, and the address keeps it all', async () => {
    await open('runs', async (page) => {
      await page.getByLabel('Find').fill('mlp -seed=2')
      await page.getByText('other', { exact: true }).first().waitFor()
      await page.waitForFunction(() => document.querySelectorAll('.runs-table tbody tr').length === 2)
      await page.getByLabel('Find').fill('')
      await page.waitForFunction(() => document.querySelectorAll('.runs-table tbody tr').length === 3)
      await page.getByRole('button', { name: 'Val. loss' }).click()
      const losses = async () => (await rows(page).locator('td:nth-child(7)').allTextContents()).map(Number)
      const ascending = await losses()
      expect(ascending).toEqual([...ascending].sort((a, b) => a - b))
      expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('Val. loss')
      const table = page.getByRole('region', { name: 'Settings that differ' })
      expect(await table.getByRole('rowheader').allTextContents()).toEqual([
        'epochs',
        'optimizer.learningRate',
        'seed',
      ])
      const lines = page.locator('.overlaid g[data-mark="line"] path')
      await page.waitForFunction(
        () => document.querySelectorAll('.overlaid g[data-mark="line"] path').length === 3,
      )
      await page.getByLabel('Mean over seeds').check()
      await page.waitForFunction(
        () => document.querySelectorAll('.overlaid g[data-mark="area"] path').length === 1,
      )
      expect(await lines.count()).toBe(2)
      await page.getByText(/± /).first().waitFor()
      await page.getByLabel('Mean over seeds').uncheck()
      await page.getByLabel(/Smoothing/).fill('0.6')
      await page.waitForFunction(
        () => document.querySelectorAll('.overlaid g[data-mark="line"] path').length === 6,
      )
      await page.getByLabel('Logarithmic').check()
      await page.getByRole('radio', { name: 'Accuracy' }).check()
      await page.getByRole('checkbox', { name: 'Draw other' }).uncheck()
      await page.getByRole('img', { name: 'Accuracy on the validation images' }).waitFor()
      await page.reload()
      await page.getByRole('img', { name: 'Accuracy on the validation images' }).waitFor()
      expect(await page.getByLabel('Logarithmic').isChecked()).toBe(true)
      expect(await page.getByLabel(/Smoothing/).inputValue()).toBe('0.6')
      expect(await page.getByRole('checkbox', { name: 'Draw other' }).isChecked()).toBe(false)
      await expectNoFault(page)
      await page.getByLabel('Find').fill('no such run')
      await page.getByText('No run matches').waitFor()
      await page.getByRole('link', { name: 'Show all runs' }).click()
      await page.getByRole('link', { name: 'first', exact: true }).first().waitFor()
    })
  })

  test('the curves of a run are smoothed and stand on a logarithmic scale, and the address keeps it', async () => {
    await open(`runs?run=first&smooth=0.5`, async (page) => {
      const loss = page.getByRole('img', { name: 'Loss of first' })
      await loss.waitFor()
      const faint = () => loss.locator('g[stroke-opacity="0.3"]').count()
      expect(await faint()).toBe(2)
      await page.getByLabel('Logarithmic loss').check()
      await page.waitForURL(/log=1/)
      await page.getByLabel(/Smoothing/).fill('0')
      await page.waitForURL((address) => !address.href.includes('smooth'))
      await page.waitForFunction(() => document.querySelector('g[stroke-opacity="0.3"]') === null)
      await page.reload()
      await loss.waitFor()
      expect(await page.getByLabel('Logarithmic loss').isChecked()).toBe(true)
      await expectNoFault(page)
    })
  })

  test('a cell of a confusion matrix opens its images, by pointer, by keyboard and by address', async () => {
    const { confusion } = JSON.parse(await readFile(at('first', 'test.json'), 'utf8')) as {
      confusion: number[][]
    }
    const cells = confusion.flatMap((row, truth) =>
      row.map((count, predicted) => ({ truth, predicted, count })),
    )
    const missed = cells.find(({ truth, predicted, count }) => truth !== predicted && count > 0)!
    await open('runs?run=first', async (page) => {
      const cell = page
        .locator('.confusion g[data-mark="cell"] rect')
        .nth(10 * missed.truth + missed.predicted)
      await cell.click()
      const dialog = page.getByRole('dialog')
      const images = dialog.locator('.tiles li')
      await images.first().waitFor()
      expect(await images.count()).toBe(missed.count)
      expect(await dialog.getByRole('heading').textContent()).toMatch(/ taken for /)
      await expectNoFault(page)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect(await cell.evaluate((element) => element === document.activeElement)).toBe(true)
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('Enter')
      await images.first().waitFor()
      expect(page.url()).toMatch(/cell=\d%2C\d/)
      await page.reload()
      await images.first().waitFor()
      await dialog.getByRole('button', { name: 'Close' }).click()
      await page.getByRole('heading', { name: 'The worst mistakes' }).waitFor()
      await page.getByText(/^said/).first().waitFor()
      await expectNoFault(page)
    })
  })

  test('a search of 60 trials is followed, brushed by pointer and by numbers, and leads to its runs', async () => {
    const small = [
      '--epochs',
      '1',
      '--data',
      'silhouettes:train=60,test=20',
      '--workers',
      '1',
      '--json',
    ] as const
    const ended = begin('tune', 'mlp', '--trials', '60', ...small, '--out', at('sixty'))
    await open('search', async (page) => {
      await page.getByRole('link', { name: 'sixty' }).click()
      await page.getByRole('img', { name: 'History' }).waitFor()
      expect((await ended).code).toBe(0)
      await page.getByText('All 60 trials').waitFor()
      await page.getByRole('heading', { name: 'Search again' }).waitFor() // all of its record is here

      const box = await settled(page, '.zone[data-axis="batch"]')
      const middle = box.x + box.width / 2
      await page.mouse.move(middle, box.y + 4)
      await page.mouse.down()
      await page.mouse.move(middle, box.y + 40, { steps: 3 })
      await page.mouse.move(middle, box.y + box.height * 0.3, { steps: 3 })
      await page.mouse.up()
      await page.getByText(/^\d+ of 60 trials, by batch/).waitFor()
      const kept = page.locator('.parallel path[data-trial]:not(.shadow):not(.out)')
      const said = await page.locator('.brushed').textContent()
      expect(await kept.count()).toBe(Number(/^\d+/.exec(said ?? '')?.[0]))
      expect(await page.locator('.parallel path.out:not(.shadow)').count()).toBe(60 - (await kept.count()))
      await page.reload()
      await page.getByText(said as string).waitFor()

      await page.getByText('Filter by value').click()
      await page.getByLabel('optimizer', { exact: true }).selectOption('adam')
      await page.getByText(/^\d+ of 60 trials, by batch and optimizer/).waitFor()
      await page.getByLabel('batch', { exact: true }).selectOption('any')
      await page.getByText(/^\d+ of 60 trials, by optimizer/).waitFor()
      const optimizers = await page
        .locator('section[aria-label="Trials"] tbody td:nth-child(9)')
        .allTextContents()
      expect(new Set(optimizers)).toEqual(new Set(['adam']))
      await expectNoFault(page)
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByText('All 60 trials').waitFor()

      await page.locator('g[data-mark="dot"] path, g[data-mark="dot"] circle').first().click()
      await page.getByRole('link', { name: 'sixty' }).waitFor()
      expect(page.url()).toMatch(/run=sixty%3Atrials%3A\d{4}/)
      await page.getByRole('heading', { name: 'On the test images' }).waitFor()
    })
    const look = async (page: Page) => {
      await page.getByRole('img', { name: 'History' }).waitFor()
      await expectNoFault(page)
    }
    await open('search?search=sixty', look, phone)
  })

  test('a search is stopped from the page, once one has said so twice', async () => {
    const ended = begin(
      ...['tune', 'mlp', '--trials', '320', '--epochs', '3', '--data', source, '--workers', '1', '--quiet'],
      ...['--out', at('long')],
    )
    await open(
      'search?search=long',
      async (page) => {
        await page.getByRole('button', { name: 'Stop this search' }).click()
        await page.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('button', { name: 'Stop this search' }).click()
        await expectNoFault(page)
        await page.getByRole('button', { name: 'Stop it' }).click()
        await page.getByText('It is stopping').waitFor()
        expect((await ended).code).toBe(130)
        await page.locator('.status.stopped').waitFor()
      },
      refused,
    ) // it may not have begun when the page asks first
  })

  test('data are looked at by class and by page, with what is there twice', async () => {
    await open('data', async (page) => {
      await page.getByText('300 training images and 60 test images of 10 classes.').waitFor()
      await page.getByRole('img', { name: 'How bright the pixels are' }).waitFor()
      await expectNoFault(page)
      await page.getByRole('link', { name: 'Images' }).click()
      await page.getByText('1–100 of 300 images').waitFor()
      await page.getByRole('button', { name: 'Last' }).click()
      await page.getByText('201–300 of 300 images').waitFor()
      await page.getByLabel('Class').selectOption('3')
      await page.getByRole('heading', { name: 'Dress' }).waitFor()
      await page.waitForFunction(() => document.querySelectorAll('.tiles li').length === 30)
      await page.getByRole('link', { name: 'Duplicates' }).click()
      await page.getByText('No training image appears twice').waitFor()
      await page.getByText('Not audited yet').waitFor()
    })
    const look = async (page: Page) => {
      await page.getByText('Not audited yet').waitFor()
      await expectNoFault(page)
    }
    await open('data?part=labels', look, { ...phone, ...refused })
    await open(
      'data?set=no-such',
      async (page) => {
        await page.getByText('There is no dataset "no-such" here.').waitFor()
        await expectNoFault(page)
      },
      refused,
    )
  })

  test('a run that is removed, cannot be read, or was never there says so, and the others stay', async () => {
    await cp(at('second'), at('gone'), { recursive: true })
    await cp(at('second'), at('torn'), { recursive: true })
    await cp(at('first'), at('odd'), { recursive: true })
    await writeFile(at('torn', 'manifest.json'), 'PK\u0003\u0004 not a manifest')
    await writeFile(at('odd', 'test.json'), '[1, 2, 3]')
    await open('runs?run=gone', async (page) => {
      await page.getByText('3 of 3').waitFor()
      await rm(at('gone'), { recursive: true })
      await page.getByText('This run was removed').waitFor()
      await page.getByRole('img', { name: 'Loss of' }).waitFor()
      await page.getByRole('link', { name: 'Runs' }).last().click()
      const torn = rows(page).filter({ hasText: 'torn' })
      await torn.getByText(/torn\/manifest\.json.*JSON/).waitFor()
      await page.getByText(', 1 that cannot be read').waitFor()
      await expectNoFault(page)
      await torn.getByRole('link').click()
      await page.getByText('This record cannot be read.').waitFor()
      await expectNoFault(page)
    })
    await open('runs?run=odd', async (page) => {
      await page
        .getByText(/odd\/test\.json/)
        .first()
        .waitFor()
      await page.getByText('3 of 3').waitFor()
    })
    await open(
      'runs?run=never',
      async (page) => {
        await page.getByText('There is no run "never" here. It may have been removed.').waitFor()
        await expectNoFault(page)
      },
      refused,
    )
    for (const name of ['torn', 'odd']) await rm(at(name), { recursive: true })
  })

  test('a search whose journal is no journal says so', async () => {
    await mkdir(at('broken'))
    await writeFile(at('broken', 'journal.log'), 'no journal\n')
    await open(
      'search',
      async (page) => {
        await page.locator('.status.corrupt').waitFor()
        await page.getByRole('link', { name: 'broken' }).click()
        await page.getByRole('alert').waitFor()
        await expectNoFault(page)
      },
      refused,
    )
    await rm(at('broken'), { recursive: true })
  })

  test('a server that goes away is missed and found again; what it said stays', async () => {
    const options = { runs: at(), page: built, version: '0.0.0' }
    const first = await openServer(options)
    await visit(
      browser,
      `${first.url}/#/runs?q=other`,
      async (page) => {
        await page.getByRole('link', { name: 'other', exact: true }).first().waitFor()
        await first.close()
        await page.getByText('The server does not answer.').waitFor()
        expect(await rows(page).count()).toBe(1)
        await expectNoFault(page)
        await page.getByRole('link', { name: 'Data' }).click()
        await page.getByRole('alert').waitFor()
        await page.getByRole('link', { name: 'Runs' }).click()
        await page.getByText('Is it still running?').waitFor()
        const again = await openServer({ ...options, port: first.port })
        await page.getByRole('link', { name: 'first', exact: true }).first().waitFor()
        await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
        await again.close()
      },
      { expected: /Failed to load resource|net::ERR/ },
    )
  })

  test('where there is nothing yet, every view says how it begins', async () => {
    const empty = await openServer({ runs: join(place.path, 'none'), page: built, version: '0.0.0' })
    for (const [view, words] of [
      ['runs', 'No runs yet'],
      ['search', 'No searches yet'],
    ] as const) {
      const look = async (page: Page) => {
        await page.getByText(words).waitFor()
        await expectNoFault(page)
      }
      await visit(browser, `${empty.url}/#/${view}`, look, phone)
    }
    await empty.close()
  })

  test('300 runs of 100 epochs are listed page by page and drawn all at once', async () => {
    const many = join(place.path, 'many')
    const events = (await readFile(at('first', 'events.jsonl'), 'utf8')).trim().split('\n')
    const [started, epoch] = events.map((line) => {
      const { checksum: _, ...event } = JSON.parse(line)
      return event as RunEvent
    })
    const { checksum } = await readManifest(filesIn(at('first')))
    for (let i = 0; i < 300; i++) {
      await mkdir(join(many, `run-${i}`), { recursive: true })
      await cp(at('first', 'manifest.json'), join(many, `run-${i}`, 'manifest.json'))
      const epochs = Array.from({ length: 100 }, (_, e) => ({
        ...epoch,
        epoch: e + 1,
        valLoss: 1 / (1 + e + i / 50),
      }))
      const { text } = encodeLines([started, ...epochs], checksum!)
      await writeFile(join(many, `run-${i}`, 'events.jsonl'), text)
    }
    const full = await openServer({ runs: many, page: built, version: '0.0.0' })
    const look = async (page: Page) => {
      await page.getByText('1–25 of 300 runs').waitFor()
      await page.waitForFunction(
        () => document.querySelectorAll('.overlaid g[data-mark="faint"] path').length === 295,
      )
      expect(await rows(page).count()).toBe(25)
      await page.getByRole('button', { name: 'Last' }).click()
      await page.getByText('276–300 of 300 runs').waitFor()
    }
    await visit(browser, `${full.url}/#/runs`, look)
    await full.close()
  })
})
