import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../data/index.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { doubledSoftmaxRecord } from './doubled-softmax/record.ts'
import { doubledSoftmax, doubledSoftmaxSettings } from './doubled-softmax/run.ts'
import { multiplicationSettings, simulateMultiplication } from './initialization/multiplication.ts'
import { lab, labSettings } from './lab.ts'
import { labRecord } from './lab-record.ts'
import type { Laboratory } from './laboratory.ts'

const dataset = await loadDataset(parseSource('silhouettes:train=4000,test=200'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
const engine = chooseBackend({ threads: 1 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-lab-'))
})
afterAll(() => rm(folder, { recursive: true }))

const laboratory = (name: string): Laboratory => ({
  data,
  engine,
  command: 'a test',
  directory: join(folder, name),
})

/** What a generator returns, and how many events it told. */
async function finish<Result>(stream: AsyncGenerator<unknown, Result, undefined>) {
  let [events, next] = [0, await stream.next()]
  for (; !next.done; next = await stream.next()) events += 1
  return { events, result: next.value }
}

describe('a hundred multiplications', () => {
  const { series } = simulateMultiplication(multiplicationSettings.parse({}))
  const [small, large] = series
  test('of small entries vanish: mean and spread become exactly zero', () => {
    expect(small.zeroAt).toBeLessThan(100)
    expect(small.rows.at(-1)).toEqual({ step: 100, mean: 0, std: 0 })
    expect(small.infiniteAt).toBeNull()
  })
  test('of large entries explode: the mean is infinite and the spread no number', () => {
    expect(large.infiniteAt).toBeLessThan(100)
    expect(large.rows.at(-1)).toEqual({ step: 100, mean: 'inf', std: 'nan' })
    expect(large.zeroAt).toBeNull()
  })
  test('are measured at every step, and are the same when they are made again', () => {
    expect(small.rows.map(({ step }) => step)).toEqual(Array.from({ length: 101 }, (_, i) => i))
    expect(simulateMultiplication(multiplicationSettings.parse({})).series).toEqual(series)
  })
  test('do not vanish where the matrices are large: size × mean is above one', () => {
    const [one] = simulateMultiplication(multiplicationSettings.parse({ size: 24, steps: 20 })).series
    const last = one.rows.at(-1)?.mean
    expect(last).toBeGreaterThan(one.rows[0].mean as number)
  })
})

describe('the lab', () => {
  const settings = labSettings.parse({
    initialization: { epochs: 4, batch: 16 },
    activations: { steps: 60, every: 20 },
  })
  test('returns a record that its schema knows, with gradients that vanish under sigmoid alone', async () => {
    const { result, events } = await finish(lab(settings, laboratory('whole')))
    expect(labRecord.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
    expect(events).toBeGreaterThan(6)
    const [sigmoid, relu] = result?.activations.runs ?? []
    const ratio = ({ rows }: typeof sigmoid) => rows[2].norms[1]! / rows[2].norms[6]!
    expect(sigmoid.rows).toHaveLength(3)
    expect(ratio(sigmoid)).toBeLessThan(0.01)
    expect(ratio(relu)).toBeGreaterThan(0.01)
  })
  test('does not learn from small uniform weights', async () => {
    const { result } = await finish(lab(settings, laboratory('uniform')))
    const losses = result?.initialization.runs.map(({ events }) =>
      events.flatMap((event) => (event.type === 'epoch' ? [event.loss!] : [])),
    )
    expect(losses?.[0][3]).toBeCloseTo(Math.log(10), 2)
    expect(losses?.[1][3]).toBeLessThan(losses![0][3] - 0.1)
  })
  test('goes on, where it was cut, with the runs that it finished, to the same record', async () => {
    const { result: whole } = await finish(lab(settings, laboratory('uncut')))
    for await (const { event } of lab(settings, laboratory('cut'))) {
      if (event.type === 'finished') break
    }
    expect(await readdir(join(folder, 'cut'))).toHaveLength(1)
    const { result, events } = await finish(lab(settings, laboratory('cut')))
    const withoutTimes = (record: unknown) =>
      JSON.parse(JSON.stringify(record, (name, value) => (/[sS]econd|^time$|^at$/.test(name) ? null : value)))
    expect(withoutTimes(result)).toEqual(withoutTimes(whole))
    expect(events).toBeGreaterThan(0)
  })
  test('is content with fewer images than a batch', async () => {
    const few = await loadDataset(parseSource('silhouettes:train=20,test=10'))
    const small = { dataset: few, split: split(few.train, { validation: 0.5, seed: 1 }), splitOptions }
    const { result } = await finish(lab(settings, { ...laboratory('few'), data: small }))
    expect(labRecord.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
  })
  test('returns nothing where it is interrupted', async () => {
    const signal = AbortSignal.abort()
    const { result } = await finish(lab(settings, { ...laboratory('interrupted'), signal }))
    expect(result).toBeUndefined()
  })
})

test('softmax twice: a loss above its floor, and the predictions of every epoch counted', async () => {
  const settings = doubledSoftmaxSettings.parse({
    networks: [{ network: 'mlp-small', title: 'MLP' }],
    epochs: 2,
  })
  const { result } = await finish(doubledSoftmax(settings, laboratory('doubled')))
  expect(doubledSoftmaxRecord.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
  const [once, twice] = result?.runs ?? []
  expect(once.test?.loss).toBeLessThan(1.4612)
  expect(twice.test?.loss).toBeGreaterThan(1.4612)
  for (const { predicted } of [once, twice]) {
    expect(predicted.map(({ epoch }) => epoch)).toEqual([1, 2])
    for (const { counts } of predicted) {
      expect(counts.reduce((a, b) => a + b, 0)).toBe(data.split.validation.length)
    }
  }
})
