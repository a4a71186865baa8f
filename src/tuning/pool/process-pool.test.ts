import { availableParallelism } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { range } from '../domain.ts'
import type { Told } from '../fixtures/objective.ts'
import type { Json } from '../journal/operations.ts'
import { memoryJournal } from '../journal/search-journal.ts'
import { openSpace } from '../open-space.ts'
import { openPruner, parsePruner } from '../pruners/index.ts'
import { samplers } from '../samplers/index.ts'
import { search } from '../search.ts'
import { defineSpace } from '../space.ts'
import { type ProcessPool, processPool } from './process-pool.ts'

const space = openSpace(defineSpace({ name: 'plane', parameters: { a: range(0, 1), b: range(0, 1) } }))
const module = new URL('../fixtures/objective.ts', import.meta.url).href
const pools: ProcessPool[] = []
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

function open(told: Told, workers: number, source = module): ProcessPool {
  const pool = processPool({ module: source, argument: told as unknown as Json }, workers)
  pools.push(pool)
  return pool
}

async function run(pool: ProcessPool, trials: number, onReport: (n: number) => void = () => {}) {
  const stream = search({
    space,
    sampler: samplers.tpe({ space, seed: 1 }),
    pruner: openPruner(parsePruner('asha:minimum=1'), { seed: 1, steps: 4 }),
    direction: 'minimize',
    journal: memoryJournal(space),
    pool,
    limits: { trials },
  })
  let next = await stream.next()
  while (!next.done) {
    if (next.value.type === 'report') onReport(next.value.trial.number)
    next = await stream.next()
  }
  return next.value
}

describe('worker processes', () => {
  test('one or two of them run the same trials', async () => {
    const told = { steps: 4, pace: 1, throws: [3], diverges: [4] }
    const [one, two] = await Promise.all([run(open(told, 1), 18), run(open(told, 2), 18)])
    const strip = (result: typeof one) =>
      result.trials.map(({ point, state, values }) => ({ point, state, values }))
    expect(strip(two)).toEqual(strip(one))
    expect(two.best?.number).toBe(one.best?.number)
    expect(new Set(two.trials.map(({ attributes }) => attributes.worker)).size).toBe(2)
    expect(one.trials.filter(({ state }) => state === 'failed').map(({ number }) => number)).toEqual([3, 4])
  })
  test('a process that is killed costs its trial only; another takes its place', async () => {
    const result = await run(open({ steps: 3, pace: 1, dies: [1, 5] }, 2), 8)
    const failed = result.trials.filter(({ state }) => state === 'failed')
    expect(failed.map(({ number }) => number)).toEqual([1, 5])
    expect(failed[0].attributes).toMatchObject({
      reason: 'killed',
      message: 'The worker process ended (SIGKILL).',
    })
    expect(result.trials).toHaveLength(8)
  })
  test('killed from outside, likewise', async () => {
    const pool = open({ steps: 6, pace: 4 }, 2)
    let isKilled = false
    const result = await run(pool, 6, (n) => {
      if (n !== 2 || isKilled) return
      isKilled = true
      process.kill(pool.pids()[0], 'SIGKILL')
    })
    expect(result.trials.filter(({ state }) => state === 'failed')).toHaveLength(1)
    expect(result.trials).toHaveLength(6)
  })
  test('an objective that cannot be opened ends the search with its message', async () => {
    await expect(
      run(open({ steps: 1, pace: 1 }, 2, 'data:text/javascript,throw new Error("no data here")'), 4),
    ).rejects.toThrow(/A worker could not begin: no data here/)
  })
  test('they end with their pool', async () => {
    const pool = open({ steps: 2, pace: 1 }, 2)
    await run(pool, 4)
    const pids = pool.pids()
    expect(pids.length).toBeGreaterThan(0)
    await pool.close()
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
    expect(availableParallelism()).toBeGreaterThan(0)
  })
})
