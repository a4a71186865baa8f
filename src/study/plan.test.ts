import { describe, expect, test } from 'vitest'
import { parse } from '../base/parse.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { network } from '../model/named.ts'
import { checkPlanOn } from './check-plan-on.ts'
import { checkPlan, type StudyPlan, studyPlan } from './plan.ts'
import { profile, profiles } from './profiles.ts'

const { quick } = profiles
const dataset = await loadDataset(parseSource('silhouettes:train=100,test=20'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }

describe('the plans that ship', () => {
  test.each(Object.keys(profiles))('%s is sound, and the same after a trip through JSON', (name) => {
    const plan = profile(name)
    expect(checkPlan(parse(studyPlan, JSON.parse(JSON.stringify(plan)), name))).toStrictEqual(plan)
  })
  test('the full one trains as long as the reference', () => {
    const runs = profiles.full.stages.flatMap((stage) => (stage.kind === 'networks' ? stage.runs : []))
    const epochs = runs.filter(({ reference }) => reference !== undefined).map((run) => run.epochs)
    expect(epochs).toEqual(Array(12).fill(100))
  })
})

/** A copy of the quick plan with one thing changed in its first run. */
const changed = (change: object) => {
  const [first, ...rest] = quick.stages.filter((stage) => stage.kind === 'networks')
  return {
    ...quick,
    stages: [{ ...first, runs: [{ ...first.runs[0], ...change }, ...first.runs.slice(1)] }, ...rest],
  }
}
/** A plan of one search with one thing changed. */
const changedSearch = (change: object) => ({
  ...quick,
  stages: quick.stages.filter(({ name }) => name === 'mlp-search').map((stage) => ({ ...stage, ...change })),
})
const read = (plan: unknown) => () => checkPlan(parse(studyPlan, plan, 'my.json'))

describe('a plan with a mistake is refused, with its place', () => {
  test.each([
    ['a network that does not exist', changed({ network: 'mlp-huge' }), /mlp-huge/],
    ['a name that is taken', changed({ name: 'mlp-large' }), /runs\[\d\]\.name/],
    ['a name that is a path', changed({ name: '../x' }), /stages\[0\]\.runs\[0\]\.name/],
    [
      'one seed twice',
      changed({ seeds: [1, 2, 2] }),
      /stages\[0\]\.runs\[0\]\.seeds: expected different seeds, received 2 twice/,
    ],
    ['a seed below nothing', changed({ seeds: [-1] }), /stages\[0\]\.runs\[0\]\.seeds\[0\]/],
    ['no epochs', changed({ epochs: 0 }), /stages\[0\]\.runs\[0\]\.epochs/],
    ['a parameter that does not exist', changed({ epoch: 3 }), /epoch/],
    ['a kind of stage that does not exist', { ...quick, stages: [{ kind: 'magic' }] }, /stages\[0\]/],
    [
      'a search of nothing',
      changedSearch({ trials: undefined }),
      /stages\[0\]: expected either trials or fraction/,
    ],
    [
      'a fraction that cannot be',
      changedSearch({ trials: undefined, fraction: 1.5 }),
      /stages\[0\]\.fraction/,
    ],
    ['a space that does not exist', changedSearch({ space: 'rnn' }), /stages\[0\]\.space/],
    ['a pruner that does not exist', changedSearch({ pruner: 'axe' }), /stages\[0\]\.pruner/],
    ['no stages', { ...quick, stages: [] }, /stages/],
  ])('%s', (_, plan, place) => {
    expect(read(plan)).toThrow(place)
  })
})

describe('a plan on data', () => {
  const on = (height: number, channels: number, classNames = dataset.classNames) => ({
    ...data,
    dataset: { ...dataset, classNames, train: { ...dataset.train, height, width: height, channels } },
  })
  const one = (network: unknown): StudyPlan => {
    const run = { name: 'a', title: 'A', network, epochs: 1 }
    const stage = { kind: 'networks', name: 'one', title: 'One', runs: [run] }
    return checkPlan(studyPlan.parse({ ...quick, stages: [stage] }))
  }
  test.each(Object.keys(profiles))('%s fits images of other sizes, colors and classes', async (name) => {
    await checkPlanOn(profile(name), on(32, 3, ['cat', 'dog']))
  })
  test('with layers one by one fits their images alone', async () => {
    const plan = one(network('cnn-small'))
    await checkPlanOn(plan, on(28, 1))
    await expect(checkPlanOn(plan, on(32, 3))).rejects.toThrow(
      /stages\[0\]\.runs\[0\]: .*expected images of shape \[28, 28, 1\], received \[32, 32, 3\]/,
    )
  })
  test('whose space lies nowhere is refused', async () => {
    const search = { kind: 'search', name: 's', title: 'S', space: 'nowhere.json', winner: 'W', trials: 1 }
    const plan = checkPlan(studyPlan.parse({ ...quick, stages: [search] }))
    await expect(checkPlanOn(plan, on(28, 1))).rejects.toThrow(/stages\[0\]: .*nowhere\.json/)
  })
  test('a point of a space is a network of any size; one that is none is refused at once', async () => {
    await checkPlanOn(one({ space: 'cnn', point: { filters1: 4, kernel1: 5 } }), on(32, 3, ['cat', 'dog']))
    expect(() => one({ space: 'cnn', point: { filters1: 0.5 } })).toThrow(/filters1: expected a whole number/)
    expect(() => one({ space: 'mlp', point: { filters1: 4 } })).toThrow(/expected parameters of mlp/)
  })
})
