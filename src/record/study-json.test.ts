import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { doubledSoftmaxRecord } from '../experiments/doubled-softmax/record.ts'
import { insightRecord } from '../experiments/insight/record.ts'
import { labRecord } from '../experiments/lab-record.ts'
import { studyPlan } from '../study/plan.ts'
import { parseStudyJson } from './study-json.ts'

const stored = (name: string) =>
  parseStudyJson(readFileSync(new URL(`../../docs/study/${name}`, import.meta.url), 'utf8'), name)

test('the plan of the study in docs, whose keys are spelled otherwise, is read', () => {
  const { plan } = stored('plan.json') as { plan: unknown }
  expect(studyPlan.parse(plan).stages[0].kind).toBe('lab')
})

test.each([
  ['lab', labRecord],
  ['doubled-softmax', doubledSoftmaxRecord],
  ['insight', insightRecord],
])('so is its stage %s', (name, record) => {
  expect(record.safeParse(stored(`stages/${name}.json`)).error?.issues[0]).toBeUndefined()
})

test('a key that every object inherits keeps its name', () => {
  expect(parseStudyJson('{"constructor": 1, "optimiser": 2}', 'here')).toEqual({
    constructor: 1,
    optimizer: 2,
  })
})
