import { expect, test } from 'vitest'
import { reliability } from '../../../evaluation/reliability.ts'
import { coverageRows } from '../../../visualization/coverage.ts'
import { reliabilityRows } from '../../../visualization/reliability.ts'
import type { StudyRecord } from '../../record.ts'
import { calibrationFixture } from '../fixtures/calibration.ts'
import { studyFixture } from '../fixtures/study.ts'
import { renderMarkdown } from '../report.ts'

const study = studyFixture()
const calibration = calibrationFixture(3)
const withCalibration = (of: typeof calibration): StudyRecord => ({
  ...study,
  networks: study.networks.map((one) => ({ ...one, test: one.test && { ...one.test, calibration: of } })),
})
const written = async (record: StudyRecord) =>
  (await renderMarkdown(record)).markdown.replaceAll('\u00a0', ' ')

test('a bin is honest where its interval holds what the network said', () => {
  const confidences = [...Array(100).fill(0.95), ...Array(100).fill(0.45), 0.25]
  const hits = confidences.map((sure, i) => (sure > 0.9 ? i % 4 > 0 : sure > 0.4 && i % 2 > 0))
  const rows = reliabilityRows(reliability({ confidences, hits }))
  expect(rows.map(({ accuracy, isHonest }) => [accuracy, isHonest])).toEqual([
    [0, true],
    [0.5, true],
    [0.75, false],
  ])
  for (const { from, to, accuracy } of rows) expect(from <= accuracy && accuracy <= to).toBe(true)
})

test('the curve of answers begins where they are more than a handful and ends where all are given', () => {
  const { coverageCurve: curve, aboveThreshold: sure } = calibration.test
  const rows = coverageRows([{ name: 'one', curve, sure }])
  expect(rows[0].coverage).toBeGreaterThanOrEqual(0.2)
  expect(rows.at(-1)!.coverage).toBe(1)
})

test('the report says how honest the chosen network is, what was done about it, and what "not sure" is worth', async () => {
  const text = await written(withCalibration(calibration))
  const { test: found, temperature } = calibration
  const share = (x: number, digits = 2) => `${(100 * x).toFixed(digits)} %`
  expect(text).toContain('in bins of equal width (15 of them, by the probability of the class it names)')
  expect(text).toContain(
    `It is ${share(found.before.expectedCalibrationError)} as the network speaks, and ${share(found.after.expectedCalibrationError)}`,
  )
  expect(text).toContain(
    `divided by ${temperature.toFixed(3)}, a temperature that was fitted on the 1,000 validation`,
  )
  expect(text).toContain('it says that the network is surer than it has reason to be')
  expect(text).toContain(
    `answers ${share(found.aboveThreshold.coverage, 1)} of them and is right in ${share(found.aboveThreshold.accuracy!)}`,
  )
})

test('a network that was honest, one that was too modest, and one that hardly errs are told so', async () => {
  expect(await written(withCalibration({ ...calibration, temperature: 1.01 }))).toContain(
    'about as sure as it has',
  )
  expect(await written(withCalibration(calibrationFixture(0.5)))).toContain('less sure than it might be')
  expect(await written(withCalibration({ ...calibration, threshold: 0 }))).toContain('it answers always')
})

test('a record of an older version says nothing of it', async () => {
  expect(await written(study)).not.toContain('How sure the networks are')
})
