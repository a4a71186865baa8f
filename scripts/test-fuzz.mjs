// Feeds readers with changed inputs, many in each child process, within limits of memory and time: a reader refuses with a
// typed error (InputError, FailureError) or reads. An input that does otherwise is kept in test/fuzz/corpus/TARGET/, which
// the default suite replays. Needs dist/ (`npm run build`), and Linux.
//
//   node scripts/test-fuzz.mjs [--inputs N] [--seed N] [--target NAME]… [--replay]
//
// The same seed gives the same inputs. --replay reads the corpus alone.

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const corpus = join(root, 'test/fuzz/corpus')
const { values: options } = parseArgs({
  options: {
    inputs: { type: 'string', default: '54000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
    replay: { type: 'boolean', default: false },
  },
})
const seed = Number(options.seed)

/** Of one input: the processor's time, which a busy machine does not lengthen; and what the process holds meanwhile. */
const MOST_SECONDS = 2
const MOST_BYTES = 2 ** 30
/** Of an input that waits for something: it has no processor's time. */
const MOST_WAITING = 60
const INPUTS_A_CHILD = 1500
/** Larger ones are named, not kept. */
const MOST_KEPT = 2 ** 16

const kernel = {
  ticks: Number(execFileSync('getconf', ['CLK_TCK'])),
  page: Number(execFileSync('getconf', ['PAGESIZE'])),
}

/** Seconds of the processor, and bytes of memory, of a process; undefined once it is gone. */
function costOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return {
      seconds: (Number(fields[11]) + Number(fields[12])) / kernel.ticks,
      bytes: Number(fields[21]) * kernel.page,
    }
  } catch {
    return undefined
  }
}

/** Reads the inputs from `from` to `to` in a child: the faults, and where it ended before its time. */
function readInChild(job) {
  const arguments_ = ['--max-old-space-size=512', join(root, 'test/fuzz/child.mjs'), JSON.stringify(job)]
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] })
  const faults = []
  let [current, isDone, killed, tail] = [undefined, false, undefined, '']
  let began = { seconds: Infinity, time: Infinity }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, kind, number, what] = /^(\w+) ?(\d+)? ?(.*)$/.exec(line)
    if (kind === 'DONE') isDone = true
    if (kind === 'FAULT') faults.push({ number: Number(number), what: JSON.parse(what) })
    if (kind === 'READY') began = { seconds: Infinity, time: Infinity } // what follows is the making of the next
    if (kind !== 'READ') return
    current = Number(number)
    began = { seconds: costOf(child.pid)?.seconds ?? 0, time: Date.now() }
  })
  child.stderr.on('data', (text) => (tail = (tail + text).slice(-2000)))
  const kill = (why) => {
    killed ??= why
    child.kill('SIGKILL')
  }
  const watch = setInterval(() => {
    const cost = costOf(child.pid)
    if (cost === undefined || current === undefined) return
    if (cost.bytes > MOST_BYTES) kill(`more than ${MOST_BYTES} bytes of memory`)
    if (cost.seconds - began.seconds > MOST_SECONDS) kill(`more than ${MOST_SECONDS} s of the processor`)
    if (Date.now() - began.time > MOST_WAITING * 1000) kill(`no end within ${MOST_WAITING} s`)
  }, 50)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(watch)
      const what = killed ?? `the process ended (${signal ?? code}): ${tail}`
      resolve({ faults, ended: isDone ? undefined : { number: current, what } })
    })
  })
}

/** Reads them all: behind an input that ended its child another child goes on. */
async function readAll(job) {
  const faults = []
  for (let from = job.from; from < job.to; ) {
    const found = await readInChild({ ...job, from })
    faults.push(...found.faults)
    if (found.ended === undefined) break
    const { number, what } = found.ended
    if (number === undefined) throw new Error(`${job.target}: no input was read: ${what}`)
    // Alone, too, or only behind the ones before it?
    const alone = await readInChild({ ...job, from: number, to: number + 1 })
    const share =
      alone.ended === undefined && alone.faults.length === 0 ? ` (only behind ${from} to ${number - 1})` : ''
    faults.push({ number, what: what + share })
    from = number + 1
  }
  return faults
}

/** A small study of everything that is recorded, for the seeds of records. */
function makeStudy(place) {
  const plan = {
    ...{ profile: 'small', title: 'Small', note: 'Short.', seed: 1, validation: 0.2, batch: 8 },
    ...{ learningRate: 0.01, momentum: 0.9 },
    stages: [
      {
        ...{ kind: 'networks', name: 'networks', title: 'Networks' },
        runs: ['mlp', 'cnn'].map((name) => ({ name, title: name, network: `${name}-small`, epochs: 1 })),
      },
      ...[
        {
          kind: 'search',
          name: 'search',
          title: 'Search',
          winner: 'Found',
          space: 'mlp',
          trials: 2,
          epochs: 1,
        },
      ],
    ],
  }
  writeFileSync(join(place, 'plan.json'), JSON.stringify(plan))
  const study = ['study', 'plan.json', '--data', 'silhouettes:train=60,test=30', '--out', 'study', '--quiet']
  execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...study], { cwd: place })
  return join(place, 'study')
}

const jobsOf = (target, place, count) =>
  Array.from({ length: Math.ceil(count / INPUTS_A_CHILD) }, (_, i) => ({
    ...{ target, place, seed, from: i * INPUTS_A_CHILD },
    to: Math.min(count, (i + 1) * INPUTS_A_CHILD),
  }))

/** Takes jobs from one list until it is empty, one a processor. */
async function workThrough(jobs, onFault) {
  const queue = [...jobs]
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      for (const fault of await readAll(job)) await onFault(job, fault)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

async function keep(targets, { target }, { number, what }) {
  const { inputOf } = await import('../test/fuzz/mutate.mjs')
  const { seeds, isJson = false } = targets[target]
  const bytes = inputOf(seed, target, number, await seeds(), isJson)
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  process.stdout.write(`${target} ${number} (${bytes.length} bytes, ${name}): ${what}\n`)
  if (bytes.length > MOST_KEPT) return
  mkdirSync(join(corpus, target), { recursive: true })
  writeFileSync(join(corpus, target, name), bytes)
}

async function fuzz(place) {
  const { targetsAt } = await import('../test/fuzz/targets.mjs')
  const targets = targetsAt(place)
  const names = options.target ?? Object.keys(targets)
  const count = Math.ceil(Number(options.inputs) / names.length)
  let faults = 0
  await workThrough(
    names.flatMap((name) => jobsOf(name, place, count)),
    (job, fault) => {
      faults += 1
      return keep(targets, job, fault)
    },
  )
  process.stdout.write(
    `${count * names.length} inputs of ${names.length} targets, seed ${seed}: ${faults} faults\n`,
  )
  return faults
}

async function replay(place) {
  let [read, faults] = [0, 0]
  const names = existsSync(corpus) ? readdirSync(corpus) : []
  const jobs = names.map((target) => {
    const files = readdirSync(join(corpus, target)).map((name) => join(corpus, target, name))
    read += files.length
    return { target, place, files, from: 0, to: files.length }
  })
  await workThrough(jobs, ({ files }, { number, what }) => {
    faults += 1
    process.stdout.write(`${files[number]}: ${what}\n`)
  })
  process.stdout.write(`${read} inputs that failed once: ${faults} faults\n`)
  return faults
}

const place = mkdtempSync(join(tmpdir(), 'atelier-fuzz-'))
try {
  const faults = options.replay ? await replay(place) : await fuzz(makeStudy(place))
  process.exitCode = faults > 0 ? 1 : 0
} finally {
  rmSync(place, { recursive: true, force: true })
}
