import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { checkPlan, studyPlan } from './plan.ts'
import { experimentRecord } from './record.ts'
import { labName, upgradeStageRecord } from './version-1.ts'

const read = async (path: string) =>
  JSON.parse(await readFile(new URL(`../../docs/study/${path}`, import.meta.url), 'utf8'))

test('the plan and the stages of the study in docs, written by version 1, are read: no stage is run again', async () => {
  const plan = checkPlan(studyPlan.parse((await read('plan.json')).plan))
  const stages = plan.stages.filter((stage) => 'settings' in stage)
  expect(stages.map(({ kind, name }) => [kind, name])).toEqual([
    ['initialization', 'lab'],
    ['activations', 'lab-activations'],
    ['doubled-softmax', 'doubled-softmax'],
    ['insight', 'insight'],
  ])
  for (const { kind, name } of stages) {
    const written = await read(`stages/${labName(name) ?? name}.json`)
    expect(
      experimentRecord.safeParse({ kind, name, record: upgradeStageRecord(kind, written) }).error,
    ).toBeUndefined()
  }
})

test('what a lab said in words are numbers now', async () => {
  const record = upgradeStageRecord('initialization', await read('stages/lab.json'))
  expect(record).toMatchObject({
    learningRate: 0.001,
    runs: [{ initializer: { kind: 'uniform', low: -0.05, high: 0.05 } }, { initializer: 'he-uniform' }],
  })
})
