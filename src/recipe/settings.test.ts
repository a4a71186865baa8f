import { describe, expect, test } from 'vitest'
import { network } from '../model/named.ts'
import { throughFlags } from './fixtures/through-flags.ts'
import { printFlags } from './flags.ts'
import { completeRecipe, recipe } from './recipe.ts'
import { type RecipeInput, settings } from './settings.ts'

const task = { model: network('mlp-small'), images: 100, imageShape: [28, 28, 1], classes: 10 }
const complete = (given: RecipeInput) => completeRecipe(given, task)

/** What every setting is tried with: a new one without its case does not compile. */
const cases = {
  epochs: [1, 300],
  batch: [1, 4096],
  optimizer: [{ kind: 'sgd' }, { kind: 'adam', learningRate: 0.003 }],
  schedule: [{ kind: 'cosine' }, { kind: 'step', every: 5 }],
  clipNorm: [0.5],
  averaging: [0, 0.999],
  labelSmoothing: [0, 0.1],
  augmentation: [
    { flip: true },
    { translate: 2, erase: { probability: 0.25 } },
    { flip: true, translate: 100, erase: { probability: 1 } },
  ],
  loss: ['cross-entropy', 'softmax-twice'],
  earlyStopping: [{ patience: 3 }, { patience: 1, minDelta: 0.001 }],
  monitor: ['val-loss', 'val-accuracy'],
  preprocessing: [{ scale: 1 / 64, shift: -0.5 }],
  seed: [0, 1, 2 ** 32],
} satisfies { readonly [Name in keyof RecipeInput]-?: readonly RecipeInput[Name][] }

const all = Object.entries(cases).flatMap(([name, values]) =>
  (values as readonly unknown[]).map((value) => ({ name: name as keyof RecipeInput, value })),
)

describe.each(all)('the setting $name as $value', ({ name, value }) => {
  const whole = complete({ [name]: value })

  test('survives a record, with every default written out', () => {
    expect(recipe.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
    expect(complete(whole)).toEqual(whole)
  })
})

const withFlag = all.filter(({ name }) => !('flag' in settings[name]) || settings[name].flag !== false)

test.each(withFlag)('the setting $name as $value survives the command line', ({ name, value }) => {
  const whole = complete({ [name]: value })
  const again = complete(throughFlags(whole))
  expect(again).toEqual(whole)
  expect(printFlags(again)).toEqual(printFlags(whole))
})
