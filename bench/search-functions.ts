import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Spread, spreadOf } from '../src/base/statistics/spread.ts'
import { studentQuantile } from '../src/base/statistics/student.ts'
import type { Point } from '../src/tuning/constraints.ts'
import { openSpace } from '../src/tuning/open-space.ts'
import { type SamplerName, samplers } from '../src/tuning/samplers/index.ts'
import { type Result, seenSoFar } from '../src/tuning/samplers/sampler.ts'
import type { Space } from '../src/tuning/space.ts'
import { type FunctionName, functions, type TestFunction } from './functions.ts'
import { type Conversation, converse } from './peers/converse.ts'

/**
 * How good are the samplers? Each plays functions whose least values are known, ours beside Optuna's, without networks and with
 * equal budgets; what is not yet known to ours (the lag) is a running trial to Optuna's.
 *
 *   node bench/run.mjs search-functions --seeds 20 --trials 50,100 --samplers tpe,gp
 *
 * Optuna is asked in ATELIER_PYTHON (/usr/bin/python3), and left out where it is not installed; its `gp` needs PyTorch too.
 */
const { values: flags } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seeds: { type: 'string', default: '5' },
    'first-seed': { type: 'string', default: '1' },
    trials: { type: 'string', default: '25,50' },
    lag: { type: 'string', default: '0' },
    samplers: { type: 'string', default: 'random,tpe,gp' },
    functions: { type: 'string', default: Object.keys(functions).join() },
    peers: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
})
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => Number(flags['first-seed']) + i)
const budgets = flags.trials.split(',').map(Number)
const lag = Number(flags.lag)
const kinds = flags.samplers.split(',') as SamplerName[]
const chosen = flags.functions.split(',') as FunctionName[]
const most = Math.max(...budgets)

/** A search that is asked and told in turn. */
interface Player {
  ask(): Promise<Point>
  tell(trial: number, value: number): Promise<void>
}

function ours(kind: SamplerName, { space: given }: TestFunction, seed: number): Player {
  const space = openSpace(given)
  const sampler = samplers[kind]({ space, seed })
  const seen = seenSoFar(space)
  const results: Result[] = []
  return {
    async ask() {
      const point = sampler.propose(seen.points.length, seen)
      if (point === undefined) throw new Error(`${kind} has no further point`)
      seen.add(point)
      return point
    },
    async tell(trial, loss) {
      results[trial] = { type: 'complete', loss, step: 1 }
      while (results[seen.results.length] !== undefined) seen.results.push(results[seen.results.length])
    },
  }
}

/** What Optuna's side answers. */
async function tell(peer: Conversation, message: unknown): Promise<unknown> {
  peer.say(JSON.stringify(message))
  const { answer, error } = (await peer.next()) as { answer?: unknown; error?: string }
  if (error !== undefined) throw new Error(error)
  return answer
}

/** The parameters in an order in which each stands after those that its condition looks at. */
const inOrder = (space: Space) =>
  Object.fromEntries(openSpace(space).order.map((name) => [name, space.parameters[name]]))

async function optunas(
  peer: Conversation,
  kind: string,
  { space }: TestFunction,
  seed: number,
): Promise<Player> {
  await tell(peer, { sampler: kind, seed, parameters: inOrder(space) })
  return {
    ask: async () => (await tell(peer, { ask: true })) as Point,
    tell: async (trial, value) => {
      await tell(peer, { tell: trial, value })
    },
  }
}

/** The best value after each budget. */
async function play(player: Player, { value }: TestFunction): Promise<number[]> {
  const waiting: number[] = []
  const best: number[] = []
  let least = Infinity
  for (let n = 0; n < most; n++) {
    for (; waiting.length > lag; ) await player.tell(n - waiting.length, waiting.shift()!)
    const found = value(await player.ask())
    waiting.push(found)
    least = Math.min(least, found)
    if (budgets.includes(n + 1)) best.push(least)
  }
  return best
}

/** What a sampler reached on a function, a row a seed. */
interface Score {
  readonly who: 'ours' | 'Optuna'
  readonly kind: string
  readonly name: FunctionName
  readonly rows: readonly number[][]
  readonly seconds: number
}

async function score(
  who: Score['who'],
  kind: string,
  name: FunctionName,
  begin: (seed: number) => Promise<Player> | Player,
): Promise<Score> {
  const started = performance.now()
  const rows: number[][] = []
  for (const seed of seeds) rows.push(await play(await begin(seed), functions[name]))
  return { who, kind, name, rows, seconds: (performance.now() - started) / 1000 / seeds.length }
}

/** log10 of how far from the least value, and 10⁻⁶. */
const regrets = ({ name, rows }: Score, b: number) =>
  rows.map((row) => Math.log10(Math.max(row[b] - functions[name].least, 0) + 1e-6))

const error = ({ standardDeviation, count }: Spread) => standardDeviation / Math.sqrt(count)

interface Difference {
  readonly difference: number
  readonly error: number
  /** The upper bound of the one-sided 95 % interval. */
  readonly bound: number
}

/** How far a mean is above another; seeds mean nothing to the other side, so that they aren't paired. */
function difference(a: Spread, b: Spread): Difference {
  const [va, vb] = [error(a) ** 2, error(b) ** 2]
  const whole = Math.sqrt(va + vb)
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.count - 1) + vb ** 2 / (b.count - 1)) || 1
  return {
    difference: a.mean - b.mean,
    error: whole,
    bound: a.mean - b.mean + studentQuantile(0.1, degrees) * whole,
  }
}

/** The mean over functions of what each differs by; with the seeds of all functions the normal quantile will do. */
function overall(all: readonly Difference[]): Difference {
  const mean = all.reduce((sum, each) => sum + each.difference, 0) / all.length
  const whole = Math.sqrt(all.reduce((sum, each) => sum + each.error ** 2, 0)) / all.length
  return { difference: mean, error: whole, bound: mean + 1.645 * whole }
}

const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(2)}`
const told = (d: Difference) => `${signed(d.difference)} ± ${d.error.toFixed(2)} (≤ ${signed(d.bound)})`
const row = (...cells: readonly (string | number)[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)

const python = process.env.ATELIER_PYTHON ?? '/usr/bin/python3'
const peer = flags.peers
  ? converse(python, [fileURLToPath(new URL('./peers/optuna_ask.py', import.meta.url))])
  : undefined

/** Optuna's sampler of a kind; undefined where it does not run here. */
async function peerScore(kind: SamplerName, name: FunctionName): Promise<Score | undefined> {
  if (peer === undefined || peer.child.exitCode !== null) return undefined
  try {
    return await score('Optuna', kind, name, (seed) => optunas(peer, kind, functions[name], seed))
  } catch (failure) {
    process.stderr.write(`Optuna's ${kind}: ${(failure as Error).message}\n`)
    return undefined
  }
}

const scores: Score[] = []
const differences = new Map<string, Difference[]>()
if (!flags.json) {
  row('function', 'sampler', ...budgets.map((b) => `best; log10 regret after ${b}`), 's a search')
  row(...Array.from({ length: budgets.length + 3 }, () => '---'))
}
for (const name of chosen) {
  for (const kind of kinds) {
    const own = await score('ours', kind, name, (seed) => ours(kind, functions[name], seed))
    const pair = [own, await peerScore(kind, name)].filter((each) => each !== undefined)
    scores.push(...pair)
    if (pair.length === 2) {
      for (const [b, budget] of budgets.entries()) {
        const [mine, theirs] = pair.map((each) => spreadOf(regrets(each, b)))
        const group = `${kind} ${budget}`
        differences.set(group, [...(differences.get(group) ?? []), difference(mine, theirs)])
      }
    }
    if (flags.json) continue
    for (const each of pair) {
      const cells = budgets.map((_, b) => {
        const best = spreadOf(each.rows.map((values) => values[b]))
        const regret = spreadOf(regrets(each, b))
        return `${best.mean.toFixed(4)}; ${regret.mean.toFixed(2)} ± ${error(regret).toFixed(2)}`
      })
      row(name, `${each.who} ${kind}`, ...cells, each.seconds.toFixed(1))
    }
    if (pair.length === 2) {
      const last = budgets.map((budget) => told(differences.get(`${kind} ${budget}`)!.at(-1)!))
      row(name, `ours − Optuna, ${kind}`, ...last, '')
    }
  }
}
for (const kind of kinds) {
  const all = budgets.flatMap((budget) => differences.get(`${kind} ${budget}`) ?? [])
  if (all.length > 0 && !flags.json)
    row(
      'mean',
      `ours − Optuna, ${kind}`,
      ...budgets.map((budget) => told(overall(differences.get(`${kind} ${budget}`)!))),
      '',
    )
}
if (flags.json) process.stdout.write(`${JSON.stringify({ seeds, budgets, lag, scores }, null, 1)}\n`)
peer?.child.stdin?.end()
