import { describe, expect, test } from 'vitest'
import { range } from './domain.ts'
import makeObjective, { type Told } from './fixtures/objective.ts'
import { memoryJournal, type SearchJournal } from './journal/search-journal.ts'
import { openSpace } from './open-space.ts'
import { inProcessPool } from './pool/in-process.ts'
import type { Objective } from './pool/pool.ts'
import { openPruner, parsePruner } from './pruners/index.ts'
import { type SamplerName, samplers } from './samplers/index.ts'
import { type Limits, type SearchEvent, type SearchResult, search } from './search.ts'
import { defineSpace } from './space.ts'

const space = openSpace(defineSpace({ name: 'plane', parameters: { a: range(0, 1), b: range(0, 1) } }))

interface Setup {
  readonly sampler?: SamplerName
  readonly pruner?: string
  readonly workers?: number
  readonly limits?: Limits
  readonly told?: Partial<Told>
  readonly journal?: SearchJournal
  readonly signal?: AbortSignal
  readonly on?: (event: SearchEvent) => void
}

async function run({ sampler = 'random', pruner = 'none', workers = 1, told, ...rest }: Setup) {
  const steps = told?.steps ?? 9
  const stream = search({
    space,
    sampler: samplers[sampler]({ space, seed: 3 }),
    pruner: openPruner(parsePruner(pruner), { seed: 3, steps }),
    direction: 'minimize',
    journal: rest.journal ?? memoryJournal(space),
    pool: inProcessPool(await makeObjective({ pace: 0.2, ...told, steps }), workers),
    limits: rest.limits ?? { trials: 40 },
    signal: rest.signal,
  })
  const events: SearchEvent[] = []
  let next = await stream.next()
  while (!next.done) {
    events.push(next.value)
    rest.on?.(next.value)
    next = await stream.next()
  }
  return { events, result: next.value }
}

/** All of a search that must not depend on who was faster. */
const told = ({ trials, best }: SearchResult) => ({
  best: best?.number,
  trials: trials.map(({ number, point, state, value, steps, values }) => ({
    number,
    point,
    state,
    value,
    steps,
    values,
  })),
})

describe('any number of workers runs the same trials and names the same winner', () => {
  test.each([
    ['random', 'none'],
    ['random', 'median'],
    ['random', 'asha:minimum=1'],
    ['random', 'hyperband:minimum=1'],
    ['sobol', 'asha:minimum=1'],
    ['tpe', 'none'],
    ['tpe', 'asha:minimum=1'],
    ['tpe', 'hyperband:minimum=1,factor=2'],
  ] as const)('%s, %s', async (sampler, pruner) => {
    const [one, two, four] = await Promise.all([1, 2, 4].map((workers) => run({ sampler, pruner, workers })))
    expect(told(two.result)).toEqual(told(one.result))
    expect(told(four.result)).toEqual(told(one.result))
    expect(one.result.trials).toHaveLength(40)
    if (pruner !== 'none') expect(one.result.trials.some(({ state }) => state === 'pruned')).toBe(true)
  })
  test.each([
    ['target', { trials: 40, target: 0.2 }],
    ['patience', { trials: 200, patience: 12 }],
  ] as const)('with a limit by %s the search ends with the same trial', async (reason, limits) => {
    const results = await Promise.all([1, 2, 4].map((workers) => run({ sampler: 'tpe', workers, limits })))
    expect(results.map(({ result }) => result.reason)).toEqual([reason, reason, reason])
    expect(told(results[1].result)).toEqual(told(results[0].result))
    expect(told(results[2].result)).toEqual(told(results[0].result))
    expect(results[0].result.trials.length).toBeLessThan(limits.trials)
  })
  test('failures do not disturb it', async () => {
    const failing = { throws: [2, 11], diverges: [5] }
    const results = await Promise.all(
      [1, 3].map((workers) => run({ sampler: 'tpe', pruner: 'asha:minimum=1', workers, told: failing })),
    )
    expect(told(results[1].result)).toEqual(told(results[0].result))
    const { trials } = results[0].result
    expect(trials.filter(({ state }) => state === 'failed').map(({ number }) => number)).toEqual([2, 5, 11])
    expect(trials[2].attributes).toMatchObject({ reason: 'error', message: 'It is meant to throw.' })
    expect(trials[5].attributes).toMatchObject({ reason: 'diverged', round_epochs: 1 })
  })
})

describe('a search that was interrupted', () => {
  test.each(['random', 'tpe'] as const)(
    'goes on with %s to the same trials as one that was not',
    async (sampler) => {
      const setup = { sampler, pruner: 'asha:minimum=1', workers: 3 }
      const whole = await run(setup)
      const journal = memoryJournal(space)
      let reason = ''
      for (let cut = 7; reason !== 'trials'; cut += 23) {
        const controller = new AbortController()
        let reports = 0
        const { result } = await run({
          ...setup,
          journal,
          signal: controller.signal,
          on: ({ type }) => {
            if (type === 'report' && ++reports === cut) controller.abort()
          },
        })
        reason = result.reason
      }
      expect(told({ ...whole.result, trials: journal.trials })).toEqual(told(whole.result))
    },
  )
  test('stops within its time and says so', async () => {
    const { result } = await run({ limits: { trials: 10_000, seconds: 0.1 }, workers: 2 })
    expect(result.reason).toBe('time')
    expect(result.trials.filter(({ state }) => state === 'waiting')).toHaveLength(2)
  })
})

test('events tell the whole story, in order', async () => {
  const { events, result } = await run({ limits: { trials: 3 }, told: { steps: 2 } })
  expect(events.map((event) => event.type)).toEqual([
    'started',
    ...[0, 1, 2].flatMap(() => ['begun', 'report', 'report', 'ended']),
  ])
  expect(result).toMatchObject({ reason: 'trials' })
})

test.each([
  [
    'throws at once',
    () => {
      throw new Error('boom')
    },
    'boom',
  ],
  [
    'throws later',
    async () => {
      throw new Error('boom')
    },
    'boom',
  ],
  [
    'throws null',
    () => {
      throw null
    },
    'null',
  ],
  ['returns nothing', async () => {}, 'The objective returned nothing.'],
  ['returns a number', async () => 3, 'The objective returned something that is no outcome.'],
])('an objective that %s makes failed trials, and the search goes on', async (_, objective, message) => {
  const stream = search({
    space,
    sampler: samplers.random({ space, seed: 1 }),
    pruner: openPruner(parsePruner('none'), { seed: 1, steps: 1 }),
    direction: 'minimize',
    journal: memoryJournal(space),
    pool: inProcessPool(objective as unknown as Objective),
    limits: { trials: 3 },
  })
  let next = await stream.next()
  while (!next.done) next = await stream.next()
  expect(next.value.trials.map(({ state, attributes }) => [state, attributes.message])).toEqual(
    Array.from({ length: 3 }, () => ['failed', message]),
  )
})
