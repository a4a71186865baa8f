import { describe, expect, test } from 'vitest'
import { parse } from '../base/parse.ts'
import { checkPlan, studyPlan } from './plan.ts'
import { profile, profiles } from './profiles.ts'

const { quick } = profiles

describe('the plans that ship', () => {
  test.each(Object.keys(profiles))('%s is sound, and the same after a trip through JSON', (name) => {
    const plan = profile(name)
    expect(checkPlan(parse(studyPlan, JSON.parse(JSON.stringify(plan)), name))).toEqual(plan)
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
    ['one seed twice', changed({ seeds: [1, 2, 2] }), /stages\[0\]\.runs\[0\]\.name.*seed-2/],
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
