import { describe, expect, expectTypeOf, test } from 'vitest'
import { dense, input, model } from '../model/functional.ts'
import { countParameters } from '../model/summary.ts'
import { completeRecipe } from '../recipe/recipe.ts'
import { integers, logRange, when } from '../tuning/domain.ts'
import { memoryJournal } from '../tuning/journal/search-journal.ts'
import { openSpace } from '../tuning/open-space.ts'
import { defineSpace } from '../tuning/space.ts'
import { cnn, mlp } from '../tuning/spaces/reference.ts'
import { conclusion } from './conclusion.ts'
import { checkParameters, readyNetworkOf, readyNetworks } from './networks.ts'
import { defineSearch, readSearch } from './read-search.ts'
import { varying } from './record.ts'
import { countTrials } from './request.ts'
import { axesOf, resultsCsv, searchRecordOf } from './results.ts'
import { settingsOf } from './settings.ts'

const trialSettings = {
  metric: 'val-accuracy',
  monitor: 'val-accuracy',
  epochs: 2,
  earlyStopping: 0,
  seed: 1,
  repeats: 1,
} as const
const sizes = { imageShape: [28, 28, 1], classes: 10 }

describe('the reference’s spaces', () => {
  test('0.2 of the MLPs are 64 trials, 0.1 of the CNNs 172', async () => {
    for (const [name, fraction, trials] of [
      ['mlp', 0.2, 64],
      ['cnn', 0.1, 172],
    ] as const) {
      const definition = await readSearch(name)
      expect(countTrials({ definition, howMany: { fraction }, sampler: 'random' })).toBe(trials)
    }
  })
  test('every point of theirs is a network', () => {
    for (const [space, build] of [
      [openSpace(mlp), readyNetworks.mlp.build],
      [openSpace(cnn), readyNetworks.cnn.build],
    ] as const) {
      for (let i = 0; i < space.size; i += 7)
        expect(build(space.at(i), sizes).model.nodes.length).toBeGreaterThan(4)
    }
  })
  test('the best MLP of the reference has its 235,146 parameters, and its settings', () => {
    const point = { batch: 32, learningRate: 0.01, dropout: 0.1, first: 256, second: 128, optimizer: 'sgd' }
    const setup = readyNetworks.mlp.build(point, sizes)
    expect(countParameters(setup.model)).toBe(784 * 256 + 256 + 256 * 128 + 128 + 1290)
    expect(setup).toMatchObject({
      batch: 32,
      optimizer: { kind: 'sgd', learningRate: 0.01 },
    })
    expect(setup.model.nodes.map(({ kind }) => kind)).toEqual([
      'input',
      'dense',
      'dropout',
      'dense',
      'dropout',
      'dense',
    ])
  })
  test('a named network’s recipe is a space too: schedule, smoothing, averaging, augmentation', () => {
    const space = defineSpace({
      name: 'recipe',
      parameters: {
        network: ['mlp-medium'],
        schedule: ['cosine', 'one-cycle'],
        averaging: [0.999],
        labelSmoothing: [0, 0.1],
        weightDecay: logRange(1e-5, 1e-3),
        flip: [true],
        translate: integers(0, 2),
        erase: [0, 0.25],
      },
    })
    expect(readyNetworkOf(space)).toBe('named')
    checkParameters(space, 'named')
    const point = {
      network: 'cnn-medium',
      schedule: 'cosine',
      warmUp: 1,
      averaging: 0.999,
      flip: true,
      erase: 0.25,
    }
    const setup = readyNetworks.named.build(point, sizes)
    expect(countParameters(setup.model)).toBe(50_186)
    const settings = { ...trialSettings, epochs: 30 }
    const task = { model: setup.model, images: 100, ...sizes }
    expect(completeRecipe(settingsOf(setup, settings, 0), task)).toMatchObject({
      epochs: 30,
      batch: 32,
      optimizer: { kind: 'sgd', weightDecay: 0 },
      schedule: { kind: 'cosine', floor: 0, warmUp: 1 },
      averaging: 0.999,
      augmentation: { flip: true, translate: 0, erase: { probability: 0.25, low: 3, high: 9 } },
    })
    const wrong = defineSpace({ name: 'wrong', parameters: { network: ['mlp-tiny'] } })
    expect(() => checkParameters(wrong, 'named')).toThrow(/mlp-small, .*"mlp-tiny"/)
  })
  test('two blocks with strides 1 are cnn-medium’s, and strides shrink the images', () => {
    const point = {
      learningRate: 0.01,
      dropout: 0.1,
      filters1: 32,
      filters2: 64,
      kernel1: 3,
      kernel2: 3,
      stride1: 1,
      stride2: 1,
      optimizer: 'adam',
    }
    expect(countParameters(readyNetworks.cnn.build(point, sizes).model)).toBe(50_186)
    expect(countParameters(readyNetworks.cnn.build({ ...point, stride1: 2, stride2: 2 }, sizes).model)).toBe(
      320 + 18_496 + 2 * 2 * 64 * 10 + 10,
    )
  })
})

describe('ready networks', () => {
  const space = (parameters: Parameters<typeof defineSpace>[0]['parameters']) =>
    defineSpace({ name: 'mine', parameters })
  test('are known by the names of the parameters', () => {
    expect(readyNetworkOf(space({ first: [8], batch: [16] }))).toBe('mlp')
    expect(readyNetworkOf(space({ filters1: [8], batch: [16] }))).toBe('cnn')
    expect(() => readyNetworkOf(space({ width: [8] }))).toThrow(
      /parameters of mlp, cnn or named, received width.*defineSearch/,
    )
  })
  test('layers go up to depth, and up to the first that is missing', () => {
    const layers = (point: Record<string, number>) => readyNetworks.mlp.build(point, sizes).model.name
    expect(layers({ first: 64, second: 32, third: 16 })).toBe('mlp-64-32-16')
    expect(layers({ first: 64, second: 32, depth: 1 })).toBe('mlp-64')
    expect(layers({ first: 64, third: 16 })).toBe('mlp-64')
  })
  test('refuse parameters that they do not know, values that cannot be, and spaces without a first layer', () => {
    expect(() => checkParameters(space({ first: [8], wdth: [8] }), 'mlp')).toThrow(
      /parameters of mlp: .*"wdth"/,
    )
    expect(() => checkParameters(space({ first: [8], optimizer: ['sgd', 'lion'] }), 'mlp')).toThrow(
      /optimizer: expected one of sgd, adam, adamw, received "lion"/,
    )
    expect(() => checkParameters(space({ first: integers(0, 8) }), 'mlp')).toThrow(
      /first: expected a whole number from 1/,
    )
    expect(() => checkParameters(space({ batch: [8] }), 'mlp')).toThrow(/the parameter first of mlp/)
    expect(() =>
      checkParameters(space({ filters1: [8], initializer: ['he-uniform', 'hee'] }), 'cnn'),
    ).toThrow(/expected one of he-uniform, .*uniform\(low, high\), normal\(std\)/)
  })
})

test('a function that builds networks is typed by its space', () => {
  const space = defineSpace({
    name: 'typed',
    parameters: {
      width: [64, 128],
      rate: logRange(0.001, 0.1),
      depth: integers(1, 2),
      second: when({ depth: 2 }, integers(8, 16)),
    },
  })
  const definition = defineSearch({
    space,
    build(point, { classes }) {
      expectTypeOf(point.width).toEqualTypeOf<64 | 128>()
      expectTypeOf(point.rate).toEqualTypeOf<number>()
      expectTypeOf(point.second).toEqualTypeOf<number | undefined>()
      const inputs = input([784])
      return { model: model({ inputs, outputs: dense({ units: classes, activation: 'softmax' })(inputs) }) }
    },
  })
  expect(definition.build({ width: 64, rate: 0.01, depth: 1 }, sizes).model.nodes).toHaveLength(2)
})

describe('results', () => {
  const space = openSpace(defineSpace({ name: 's', parameters: { a: [64, 16, 32], b: ['x,y', 'z'] } }))
  const head = {
    name: 's',
    command: 'atelier tune s.json',
    dataset: 'Silhouettes',
    sampler: 'random',
    pruner: 'none',
    seed: 1,
    metric: 'val-accuracy',
    direction: 'maximize',
    stopReason: 'trials',
    validationImages: 12_000,
  } as const
  const journalOf = (values: readonly number[][]) => {
    const journal = memoryJournal(space)
    for (const repeats of values) {
      const trial = journal.begin({ a: 16, b: 'x,y' })
      const mean = repeats.reduce((a, b) => a + b, 0) / repeats.length
      journal.finish(trial, 'complete', mean, repeats.length > 1 ? { repeats } : { val_acc: mean })
    }
    return journal
  }
  test('the conclusion tells a winner by luck from one by merit', () => {
    const note = (values: readonly number[][], repeats: number) =>
      conclusion(searchRecordOf({ ...head, repeats }, journalOf(values).trials, space))
    expect(note([[0.881], [0.8815]], 1)).toMatch(
      /Trial 1 and the runner-up, trial 0, cannot be told apart: the lead of 0\.0005/,
    )
    expect(note([[0.85], [0.88]], 1)).toMatch(/Trial 1 leads the runner-up, trial 0, by more than the chance/)
    expect(
      note(
        [
          [0.88, 0.881, 0.879],
          [0.86, 0.861, 0.859],
        ],
        3,
      ),
    ).toMatch(/Over 3 seeds trial 0 is better/)
    expect(
      note(
        [
          [0.88, 0.89, 0.87],
          [0.875, 0.885, 0.865],
        ],
        3,
      ),
    ).toMatch(/cannot be told apart over 3 seeds/)
    expect(note([], 1)).toBe('No trial finished.')
  })
  test('a parameter of one value tells no trials apart', () => {
    const { parameters, ...rest } = defineSpace({
      name: 'some',
      parameters: { depth: [1, 2], batch: [32], flip: [true] },
    })
    expect(varying(axesOf({ parameters, ...rest })).map(({ name }) => name)).toEqual(['depth'])
  })
  test('the table quotes what needs it, and numbers stand in order on their axes', () => {
    const record = searchRecordOf({ ...head, repeats: 1 }, journalOf([[0.5]]).trials, space)
    expect(resultsCsv(record).split('\r\n')[1]).toMatch(/^0,16,"x,y",,,,0\.5,/)
    expect(record.axes[0].values).toEqual([16, 32, 64])
    expect(record.best).toMatchObject({ trial: 0, trialsToBest: 1, run: 'trials/0000' })
  })
})
