// How long the page holds its breath over many runs: `node bench/records-page.mjs [--runs 300] [--epochs 100]`, after
// `npm run build`. Opens the list in the system's Chromium, does what a person does there, and prints as JSON the longest
// task of the main thread at each step, in milliseconds; 0 where none took 50.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { openServer } from '../dist/server/server.js'

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '300' }, epochs: { type: 'string', default: '100' } },
})
const [runs, epochs] = [Number(flags.runs), Number(flags.epochs)]
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const directory = await mkdtemp(join(tmpdir(), 'atelier-page-'))
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)

/** One real run, and others that differ from it in their curves. */
async function makeRuns() {
  const first = join(directory, 'first')
  const data = 'silhouettes:train=60,test=20'
  const training = ['--model', 'mlp-small', '--data', data, '--epochs', '1', '--out', first, '--quiet']
  execFileSync(process.execPath, [main, 'train', ...training])
  const manifest = await readFile(join(first, 'manifest.json'), 'utf8')
  const [started, epoch] = (await readFile(join(first, 'events.jsonl'), 'utf8')).split('\n')
  for (let i = 0; i < runs; i++) {
    const own = join(directory, 'runs', `run-${i}`)
    await mkdir(own, { recursive: true })
    await writeFile(join(own, 'manifest.json'), manifest)
    const lines = Array.from({ length: epochs }, (_, e) => {
      const valLoss = 1 / (1 + e * (1 + i / 100)) + 0.02 * Math.cos(e * i)
      return JSON.stringify({ ...JSON.parse(epoch), epoch: e + 1, valLoss, loss: valLoss * 0.9 })
    })
    await writeFile(join(own, 'events.jsonl'), `${[started, ...lines].join('\n')}\n`)
  }
}

/** Whether so many curves stand behind those in color, and the table is there. */
const isDrawn = (count) =>
  document.querySelectorAll('.overlaid g[data-mark="faint"] path').length === count &&
  document.querySelector('.runs-table tbody tr') !== null

await makeRuns()
const page = fileURLToPath(new URL('../dist/web', import.meta.url))
const server = await openServer({ runs: join(directory, 'runs'), page, version: '0.0.0' })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
await tab.addInitScript(() => {
  window.longest = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
  }).observe({ type: 'longtask', buffered: true })
})
const longest = {}
const step = async (name, act) => {
  await tab.evaluate(() => {
    window.longest = 0
  })
  await act()
  await tab.waitForTimeout(700)
  longest[name] = Math.round(await tab.evaluate(() => window.longest))
}
await step('open', async () => {
  await tab.goto(`${server.url}/#/runs`)
  await tab.waitForFunction(isDrawn, runs - 5)
})
await step('sort', () => tab.getByRole('button', { name: 'Val. loss' }).click())
await step('smooth', () => tab.getByLabel(/Smoothing/).fill('0.8'))
await step('logarithmic', () => tab.getByLabel('Logarithmic').check())
await step('find', () => tab.getByLabel('Find').pressSequentially('run-1', { delay: 60 }))
await step('find all again', () => tab.getByLabel('Find').fill(''))
await step('seeds together', () => tab.getByLabel('Mean over seeds').check())
await step('next page', async () => {
  await tab.getByLabel('Mean over seeds').uncheck()
  await tab.getByRole('button', { name: 'Next' }).click()
})
await browser.close()
await server.close()
await rm(directory, { recursive: true })
process.stdout.write(`${JSON.stringify({ runs, epochs, longestTaskMilliseconds: longest }, null, 2)}\n`)
