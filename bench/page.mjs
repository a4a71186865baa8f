// The page against its budget: `node bench/page.mjs [--model cnn-medium] [--rounds 3]`, after `npm run build`. Prints one
// JSON document: what a first load weighs, when the page answers, the longest task of its main thread while it trains, and
// how fast it trains beside the same WebAssembly in Node, in turns. CHROMIUM names another browser.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { openServer } from '../dist/server/server.js'

const { values: flags } = parseArgs({
  options: { model: { type: 'string', default: 'cnn-medium' }, rounds: { type: 'string', default: '3' } },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const directory = await mkdtemp(join(tmpdir(), 'page-bench-'))
const server = await openServer({ runs: directory, page: join(root, 'dist/web'), version: '0.0.0' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
const data = 'silhouettes:train=2000,test=100'

/** Opens a view afresh; `bytes` counts what it loads, compressed, the engine's worker apart. */
async function open(address) {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(300_000)
  const bytes = { page: 0, engine: 0 }
  page.on('response', async (response) => {
    const body = await response.body().catch(() => Buffer.alloc(0))
    if (/\/api\//.test(response.url())) return
    bytes[/\/worker-/.test(response.url()) ? 'engine' : 'page'] += gzipSync(body).length
  })
  await page.addInitScript(() => {
    globalThis.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(`${server.url}/#/${address}`)
  return { page, bytes }
}

/** Milliseconds from the address to a view that can be used: of the clock, and of the main thread's processor. */
async function interactive(address, selector) {
  const page = await (await browser.newContext()).newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(`${server.url}/#/${address}`)
  await page.locator(selector).waitFor()
  const clock = await page.evaluate(() => performance.now())
  const { metrics } = await session.send('Performance.getMetrics')
  await page.context().close()
  return { clock, processor: 1000 * metrics.find(({ name }) => name === 'TaskDuration').value }
}

/**
 * The longest task of the main thread in a trace, in milliseconds: of the clock, and of the processor, which is what counts
 * where other programs run too. Tasks of the tracing itself are left out.
 */
function longestTask(trace) {
  const { traceEvents: events } = JSON.parse(trace.toString())
  const place = ({ pid, tid }) => `${pid}:${tid}`
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(place),
  )
  const own = events.filter((event) => event.ph === 'X' && mains.has(place(event)))
  const ofTracing = own.filter((event) => JSON.stringify(event.args).includes('DevToolsSession'))
  const tasks = own.filter(
    (task) =>
      /RunTask/.test(task.name) && !ofTracing.some(({ ts }) => ts >= task.ts && ts <= task.ts + task.dur),
  )
  const most = (field) => Math.max(...tasks.map((task) => task[field] ?? 0)) / 1000
  return { clock: most('dur'), processor: most('tdur') }
}

async function trainInPage() {
  const { page, bytes } = await open(`train?model=${flags.model}&epochs=3&data=${data}`)
  await page.locator('button.primary:not([disabled])').waitFor()
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await page.getByRole('button', { name: /^Train/ }).click()
  await page.locator('[data-hash]').waitFor()
  await page.waitForTimeout(1000)
  const longest = longestTask(await browser.stopTracing())
  const hash = await page.locator('[data-hash]').textContent()
  await page.getByText('Table of all epochs').click()
  const took = await page.locator('table tbody tr td:last-child').allTextContents()
  await page.context().close()
  const seconds = took.filter((text) => text.endsWith('s')).map((text) => Number.parseFloat(text))
  return { seconds: Math.min(...seconds), longest, hash, bytes }
}

function trainInNode(i) {
  const args = [
    'train',
    '--model',
    flags.model,
    '--epochs',
    '3',
    '--data',
    data,
    '--backend',
    'wasm',
    '--json',
  ]
  const out = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args, '--out', `run-${i}`], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { history, weightsHash } = JSON.parse(out)
  return { seconds: Math.min(...history.map((epoch) => epoch.seconds)), hash: weightsHash }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const times = async (count, work) => {
  const all = []
  for (let i = 0; i < count; i++) all.push(await work(i))
  return all
}

const rounds = await times(Number(flags.rounds), async (i) => ({
  page: await trainInPage(),
  node: trainInNode(i),
}))
const recognize = await times(5, () => interactive('recognize', '.drop'))
const train = await times(5, () => interactive('train', '.draft, .choices table'))
const both = (all) => ({
  clock: median(all.map(({ clock }) => clock)),
  processor: median(all.map(({ processor }) => processor)),
})
const best = (where) => Math.min(...rounds.map((round) => round[where].seconds))
console.log(
  JSON.stringify(
    {
      firstLoadGzippedBytes: rounds[0].page.bytes,
      interactiveMilliseconds: { recognize: both(recognize), train: both(train) },
      longestTaskWhileTrainingMilliseconds: rounds.map((round) => round.page.longest),
      secondsAnEpoch: { page: best('page'), node: best('node'), share: best('node') / best('page') },
      hashesAgree: rounds.every((round) => round.page.hash === round.node.hash),
    },
    null,
    2,
  ),
)
await browser.close()
await server.close()
await rm(directory, { recursive: true })
