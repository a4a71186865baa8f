import { beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../data/dataset.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { batchNorm, conv2d, dense, flatten, globalAveragePool2d, input, model } from '../model/functional.ts'
import { network } from '../model/named.ts'
import { getWeights, type NamedTensor } from '../model/network.ts'
import { improves } from '../recipe/early-stopping.ts'
import type { EpochEvent } from '../record/events.ts'
import { hashWeights } from '../record/weights.ts'
import { trainingData } from './data.ts'
import { type TrainingEvent, type TrainingOptions, type TrainingResult, train } from './train.ts'

const engine = chooseBackend({ threads: 1 })
let dataset: Dataset
beforeAll(async () => {
  dataset = await loadDataset(parseSource('silhouettes:train=300,test=20'))
})

interface Told {
  readonly events: readonly TrainingEvent[]
  readonly epochs: readonly EpochEvent[]
  readonly result: TrainingResult
}

/** Trains on 240 silhouettes to the end; keeps all that was told. */
async function trainAll(options: Partial<TrainingOptions> = {}): Promise<Told> {
  const parts = split(dataset.train, { validation: 0.2, seed: 1 })
  const data = trainingData(dataset, parts)
  const stream = train({ model: network('mlp-small'), data, engine, epochs: 3, ...options })
  const events: TrainingEvent[] = []
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done) {
      const epochs = events.filter((event) => event.type === 'epoch')
      return { events, epochs, result: next.value }
    }
    if (next.value.type !== 'progress') events.push(next.value)
  }
}
const types = ({ events }: Told) => events.map(({ type }) => type).filter((type) => type !== 'state')
const find = <T extends TrainingEvent['type']>({ events }: Told, type: T) =>
  events.find((event): event is Extract<TrainingEvent, { type: T }> => event.type === type)

describe('a run tells its story', () => {
  test('in order: started, every epoch, finished', async () => {
    const told = await trainAll({ epochs: 2 })
    expect(types(told)).toEqual(['started', 'epoch', 'epoch', 'finished'])
    expect(find(told, 'started')).toMatchObject({
      epochs: 2,
      stepsPerEpoch: 8,
      trainImages: 240,
      validationImages: 60,
    })
    expect(find(told, 'finished')).toMatchObject({
      epochs: 2,
      bestEpoch: told.result.bestEpoch,
      weightsHash: hashWeights(told.result.weights),
    })
  })

  test('with a confusion matrix of the validation images for every epoch', async () => {
    const told = await trainAll({ epochs: 2 })
    const matrices = told.events.flatMap((event) => (event.type === 'state' ? [event.confusion] : []))
    const hits = matrices.map((confusion) => confusion.reduce((sum, row, c) => sum + row[c], 0))
    expect(matrices.map((confusion) => confusion.map((row) => row.reduce((a, b) => a + b, 0)))).toEqual(
      [1, 2].map(() => new Array(10).fill(6)),
    )
    expect(hits.map((hit) => hit / 60)).toEqual(told.epochs.map(({ valAccuracy }) => valAccuracy))
  })

  test('and lets one look at the weights, from the first ones on', async () => {
    const seen: string[] = []
    const told = await trainAll({ epochs: 2, look: (opened) => seen.push(hashWeights(getWeights(opened))) })
    expect(seen.length).toBeGreaterThanOrEqual(3)
    expect(new Set(seen).size).toBeGreaterThanOrEqual(3)
    expect(seen).toContain(hashWeights(told.result.weights))
  })

  test('both losses fall while there is something to learn', async () => {
    const { epochs } = await trainAll({ epochs: 5 })
    expect(epochs[4].loss).toBeLessThan(epochs[0].loss!)
    expect(epochs[4].valLoss).toBeLessThan(epochs[0].valLoss!)
  })

  test('an epoch is enough', async () => {
    const told = await trainAll({ epochs: 1 })
    expect(told.result).toMatchObject({ status: 'finished', bestEpoch: 1 })
  })

  test('the last, smaller batch counts: every image is seen once an epoch', async () => {
    const told = await trainAll({ batch: 100, epochs: 1 }) // 100 + 100 + 40
    expect(find(told, 'started')?.stepsPerEpoch).toBe(3)
    expect((told.epochs[0].accuracy ?? 0) * 240).toBeCloseTo(Math.round(told.epochs[0].accuracy! * 240), 6)
  })

  test('a batch larger than the set is the set', async () => {
    const whole = await trainAll({ batch: 240, epochs: 2 })
    const larger = await trainAll({ batch: 1000, epochs: 2 })
    expect(find(larger, 'started')?.stepsPerEpoch).toBe(1)
    expect(find(larger, 'finished')?.weightsHash).toBe(find(whole, 'finished')?.weightsHash)
  })

  test('a batch of one image works', async () => {
    expect((await trainAll({ batch: 1, epochs: 1 })).result.status).toBe('finished')
  })
})

describe('early stopping', () => {
  test.each([
    ['val-loss', 0.4, 0.5, 0, true],
    ['val-loss', 0.5, 0.5, 0, false],
    ['val-loss', 0.45, 0.5, 0.1, false],
    ['val-accuracy', 0.6, 0.5, 0, true],
    ['val-accuracy', 0.55, 0.5, 0.1, false],
    ['val-loss', Number.NaN, 0.5, 0, false],
  ] as const)(
    '%s of %d after %d, minimum change %d: better is %s',
    (monitor, value, best, minDelta, expected) => {
      expect(improves(monitor, value, { epoch: 1, value: best }, minDelta)).toBe(expected)
    },
  )

  test('ends a run whose validation loss no longer falls, patience epochs after the best', async () => {
    const patience = 3
    const told = await trainAll({
      epochs: 60,
      optimizer: { kind: 'sgd', learningRate: 0.2 },
      earlyStopping: { patience, minDelta: 0 },
    })
    const losses = told.epochs.map(({ valLoss }) => valLoss!)
    const best = 1 + losses.indexOf(Math.min(...losses))
    expect(told.epochs.length).toBeLessThan(60)
    expect(told.result.bestEpoch).toBe(best)
    expect(told.epochs.length).toBe(best + patience)
    expect(types(told).slice(-2)).toEqual(['stopped', 'finished'])
    expect(find(told, 'stopped')).toMatchObject({ reason: 'early-stopping', epoch: best + patience })
  })

  test('an improvement smaller than the minimum change is none', async () => {
    const told = await trainAll({ epochs: 10, earlyStopping: { patience: 2, minDelta: 100 } })
    expect(told.epochs.map(({ best }) => best)).toEqual([true, false, false])
  })

  test('the weights that are kept are those of the best epoch, bit for bit', async () => {
    const optimizer = { kind: 'sgd', learningRate: 0.2 } as const
    const options = { epochs: 12, optimizer, schedule: { kind: 'constant' } } as const
    const long = await trainAll(options)
    expect(long.result.bestEpoch).toBeLessThan(12)
    const short = await trainAll({ ...options, epochs: long.result.bestEpoch })
    expect(short.result.bestEpoch).toBe(long.result.bestEpoch)
    expect(hashWeights(long.result.weights)).toBe(hashWeights(short.result.weights))
  })

  test('validation accuracy may decide instead', async () => {
    const { epochs, result } = await trainAll({ epochs: 8, monitor: 'val-accuracy' })
    const accuracies = epochs.map(({ valAccuracy }) => valAccuracy!)
    expect(result.bestEpoch).toBe(1 + accuracies.indexOf(Math.max(...accuracies)))
  })
})

test('averages are kept of all parameters: the statistics of a layer belong to the weights that they were seen with', async () => {
  const image = input([28, 28, 1])
  const seen = globalAveragePool2d()(batchNorm({ name: 'norm' })(conv2d({ filters: 3 })(image)))
  const normed = model({ inputs: image, outputs: dense({ units: 10, activation: 'softmax' })(seen) })
  const first: NamedTensor[] = []
  const told = await trainAll({
    model: normed,
    epochs: 1,
    batch: 240,
    averaging: 0.5,
    look: (opened) => first.push(...(first.length === 0 ? getWeights(opened) : [])),
  })
  const { checkpoint } = find(told, 'state')!
  const kept = new Map(told.result.weights.map(({ name, values }) => [name, values]))
  for (const [i, { name, values }] of checkpoint.weights.entries()) {
    const average = kept.get(name) ?? []
    expect(average.length, name).toBe(values.length)
    // A first step keeps a tenth.
    const differences = values.map((now, k) => average[k] - (0.1 * first[i].values[k] + 0.9 * now))
    expect(Math.max(...differences.map(Math.abs)), name).toBeLessThan(1e-6)
  }
  expect(kept.get('norm/variance')).not.toEqual(new Float32Array(3).fill(1))
})

describe('a run that cannot go on', () => {
  const wild = { kind: 'sgd', learningRate: 1e30 } as const
  const image = input([28, 28, 1], 'image')
  const linear = model({
    inputs: image,
    outputs: dense({ units: 10, activation: 'softmax', name: 'out' })(flatten()(image)),
  })

  test('diverges: the failure names the epoch and the step, and nothing follows', async () => {
    const told = await trainAll({ optimizer: wild })
    expect(told.result).toMatchObject({ status: 'diverged', bestEpoch: 0 })
    expect(types(told)).toEqual(['started', 'failed'])
    expect(find(told, 'failed')).toMatchObject({ reason: 'diverged', epoch: 1, step: expect.any(Number) })
    expect(find(told, 'failed')?.message).toMatch(/loss became NaN in epoch 1, step \d+\. Try a smaller/)
  })

  test('diverges too where its loss stays finite and far above that of guessing', async () => {
    const told = await trainAll({ model: linear, optimizer: { kind: 'sgd', learningRate: 1e6 }, epochs: 2 })
    expect(told.result.status).toBe('diverged')
    expect(types(told).at(-1)).toBe('failed')
    expect(find(told, 'failed')?.message).toMatch(/The loss became \d\S* in epoch [12]/)
  })

  test('does not diverge where the loss rises far and falls again', async () => {
    const spike = { kind: 'sgd', learningRate: 30, momentum: 0, nesterov: false } as const
    const told = await trainAll({
      optimizer: spike,
      schedule: { kind: 'step', every: 1, factor: 1e-3 },
      epochs: 4,
    })
    const losses = told.events.flatMap((event) => (event.type === 'epoch' ? [event.loss] : []))
    expect(Math.max(...losses.map((loss) => loss ?? 0))).toBeGreaterThan(10 * Math.log(10))
    expect(told.result.status).toBe('finished')
  })

  test('interrupted after a step: what the last whole epoch learned is kept', async () => {
    const controller = new AbortController()
    const parts = split(dataset.train, { validation: 0.2, seed: 1 })
    const stream = train({
      model: network('mlp-small'),
      data: trainingData(dataset, parts),
      engine,
      epochs: 50,
      schedule: { kind: 'constant' },
      signal: controller.signal,
    })
    let result: TrainingResult | undefined
    const seen: string[] = []
    for (let next = await stream.next(); result === undefined; next = await stream.next()) {
      if (next.done) result = next.value
      else {
        if (next.value.type === 'epoch' && next.value.epoch === 2) controller.abort()
        seen.push(next.value.type)
      }
    }
    expect(result).toMatchObject({ status: 'interrupted', bestEpoch: 2 })
    expect(seen.at(-1)).toBe('stopped')
    const two = await trainAll({ epochs: 2, schedule: { kind: 'constant' } })
    expect(hashWeights(result.weights)).toBe(hashWeights(two.result.weights))
  })
})

describe('wrong options are refused before the first step', () => {
  test.each<[string, Partial<TrainingOptions>, RegExp]>([
    ['no epochs', { epochs: 0 }, /epochs: expected a whole number from 1, received 0/],
    ['half an epoch', { epochs: 1.5 }, /epochs: expected a whole number/],
    ['an empty batch', { batch: 0 }, /batch: expected a whole number from 1 up to 4096, received 0/],
    ['a seed below 0', { seed: -1 }, /seed: expected a whole number from 0, received -1/],
    [
      'no patience',
      { earlyStopping: { patience: 0, minDelta: 0 } },
      /patience: expected a whole number from 1/,
    ],
    [
      'an unknown monitor',
      { monitor: 'loss' as 'val-loss' },
      /monitor: expected one of val-loss, val-accuracy/,
    ],
    ['an unknown schedule', { schedule: { kind: 'sine' as 'cosine' } }, /schedule: .*expected .*cosine/],
    [
      'shifts by half a pixel',
      { augmentation: { translate: 0.5 } },
      /augmentation: translate: expected a whole/,
    ],
    ['other classes', { model: network('mlp-small', { classes: 7 }) }, /expected 10 classes, received 7/],
    [
      'other images',
      { model: network('cnn-small', { imageShape: [32, 32, 1] }) },
      /images of shape \[32, 32, 1\]/,
    ],
  ])('%s', async (_, options, message) => {
    await expect(trainAll(options)).rejects.toThrow(message)
  })
})
