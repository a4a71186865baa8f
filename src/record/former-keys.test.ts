import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { labRecord } from '../experiments/lab-record.ts'
import { studyPlan } from '../study/plan.ts'
import { withTodaysKeys } from './former-keys.ts'

const stored = (name: string) =>
  withTodaysKeys(JSON.parse(readFileSync(new URL(`../../docs/study/${name}`, import.meta.url), 'utf8')))

test('the study in docs, whose keys are spelled otherwise, is read: its plan and its laboratory', () => {
  const { plan } = stored('plan.json') as { plan: unknown }
  expect(studyPlan.parse(plan).stages[0].kind).toBe('lab')
  expect(labRecord.safeParse(stored('stages/lab.json')).error?.issues[0]).toBeUndefined()
})
