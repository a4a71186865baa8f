import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { range } from '../tuning/domain.ts'
import { defineSpace } from '../tuning/space.ts'
import { type RunningTrial, search } from './search.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-search-'))
})
afterAll(() => rm(folder, { recursive: true }))

const space = defineSpace({ name: 'parabola', parameters: { x: range(-1, 1), shape: ['steep', 'flat'] } })
type Point = { readonly x: number; readonly shape: 'steep' | 'flat' }
const objective = ({ x, shape }: Point) => (x - 0.5) ** 2 * (shape === 'steep' ? 4 : 1)

test('the best point of a function is found, and every trial told', async () => {
  const told: string[] = []
  const run = search({ space, objective, sampler: 'tpe', trials: 40 })
  for await (const { type } of run) told.push(type)
  expect(told.filter((type) => type === 'ended')).toHaveLength(40)
  const { best, reason } = await run
  expect(reason).toBe('trials')
  expect(best?.point.x).toBeGreaterThan(0.4)
  expect(best?.point.x).toBeLessThan(0.6)
})

test('equal options propose equal points, however many workers there are', async () => {
  const points = async (workers: number) =>
    (await search({ space, objective, sampler: { kind: 'tpe' }, trials: 16, workers })).trials.map(
      ({ point }) => point,
    )
  expect(await points(4)).toEqual(await points(1))
})

test('with a lag of 0 every trial looks at all before it, with a larger one not; another lag is another search', async () => {
  const pointsWith = async (lag: number, workers: number, journal?: string) => {
    const options = { space, objective, sampler: 'tpe', trials: 14, lag, workers } as const
    return (await search(journal === undefined ? options : { ...options, journal })).trials.map(
      ({ point }) => point,
    )
  }
  const alone = await pointsWith(0, 1)
  expect(await pointsWith(0, 3)).toEqual(alone)
  const lagging = await pointsWith(4, 1)
  expect(lagging.slice(0, 10)).toEqual(alone.slice(0, 10))
  expect(lagging[10]).not.toEqual(alone[10])
  const journal = join(folder, 'lag.log')
  await pointsWith(0, 1, journal)
  await expect(pointsWith(4, 1, journal)).rejects.toThrow(/lag\.log: lag: expected 0, as when/)
})

test('a trial that reports is ended where it promises little', async () => {
  let whole = 0
  const inSteps = async (point: Point, { report }: RunningTrial) => {
    for (let step = 1; step <= 9; step++) await report(step, objective(point) + 1 / step)
    whole += 1
    return objective(point)
  }
  const pruner = { kind: 'asha', minimum: 1 } as const
  const { trials } = await search({ space, objective: inSteps, pruner, steps: 9, trials: 20 })
  const count = (state: string) => trials.filter((trial) => trial.state === state).length
  expect(count('pruned')).toBeGreaterThan(5)
  expect(count('complete')).toBe(whole)
  expect(count('complete') + count('pruned')).toBe(20)
})

test('an objective that throws or gives no number makes a failed trial, and the search goes on (case 17)', async () => {
  const broken = ({ x }: Point) => {
    if (x < -0.5) throw new Error('too small')
    return x < 0 ? Number.NaN : x
  }
  const { trials, best } = await search({ space, objective: broken, trials: 20 })
  const failed = trials.filter(({ state }) => state === 'failed')
  expect(failed.length).toBeGreaterThan(2)
  expect(failed.every(({ point }) => point.x < 0)).toBe(true)
  expect(best?.value).toBe(best?.point.x)
})

test('a search that is cut goes on from its journal, which another search may not take', async () => {
  const journal = join(folder, 'journal.log')
  const controller = new AbortController()
  const cut = search({ space, objective, trials: 12, journal, signal: controller.signal })
  for await (const event of cut) if (event.type === 'ended' && event.trial.number === 4) controller.abort()
  expect(await cut).toMatchObject({ reason: 'interrupted' })
  const { trials } = await search({ space, objective, trials: 12, journal })
  const whole = await search({ space, objective, trials: 12 })
  expect(trials.map(({ point, value }) => ({ point, value }))).toEqual(
    whole.trials.map(({ point, value }) => ({ point, value })),
  )
  const before = await readFile(journal, 'utf8')
  await expect(search({ space, objective, trials: 12, journal, seed: 2 })).rejects.toThrow(
    /journal\.log: seed: expected 1, as when the search was started, received 2/,
  )
  expect(await readFile(journal, 'utf8')).toBe(before)
})

test('a search whose sampler proposed other points when it was begun is not gone on with', async () => {
  const written = join(folder, 'new.log')
  await search({ space, objective, sampler: 'tpe', trials: 3, journal: written })
  const text = await readFile(written, 'utf8')
  expect(text).toContain('"sampler":{"kind":"tpe","revision":2}')
  const journal = join(folder, 'old.log')
  // of the first schema, which had no checksums
  await writeFile(
    journal,
    text.replace('{"kind":"tpe","revision":2}', '"tpe"').replace('"schema":2', '"schema":1'),
  )
  await expect(search({ space, objective, sampler: 'tpe', trials: 12, journal })).rejects.toThrow(
    /old\.log: sampler: expected tpe, as when .*its tpe proposes other points/s,
  )
})

test.each<[object, RegExp]>([
  [{ sampler: 'genetic' }, /^sampler: expected one of random, grid, sobol, tpe, gp, received "genetic"/],
  [{ lag: -1 }, /^lag: expected a whole number from 0 to 1000, received -1/],
  [{ lag: 0.5 }, /^lag: expected/],
  [{ pruner: 'genetic' }, /^pruner: expected one of none, median, asha, hyperband/],
  [{ pruner: { kind: 'asha', factor: 1 } }, /^pruner asha: factor: expected a whole number from 2/],
  [{ pruner: { kind: 'asha', rungs: 1 } }, /^pruner asha: expected minimum, factor, received "rungs"/],
])('%j is refused before the first trial', async (wrong, message) => {
  const run = search({ space, objective, trials: 1, ...wrong })
  await expect(run.next()).rejects.toThrow(InputError)
  await expect(run).rejects.toThrow(message)
})
