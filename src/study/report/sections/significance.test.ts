import { expect, test } from 'vitest'
import { compareClassifiers } from '../../../evaluation/compare-classifiers.ts'
import { comparisonRecord } from '../../../record/comparison.ts'
import type { NetworkRecord } from '../../record.ts'
import { studyFixture } from '../fixtures/study.ts'
import { pairCells, ranking } from '../pair-matrix.ts'
import { renderMarkdown } from '../report.ts'

const images = 1000
const labels = Array.from({ length: images }, (_, i) => i % 10)
/** Wrong on the images from `from` on, so many of them. */
const wrongOn = (from: number, many: number) =>
  labels.map((label, i) => (i >= from && i < from + many ? (label + 1) % 10 : label))

const study = studyFixture()
const [good, near, far] = study.networks
const comparison = comparisonRecord.parse(
  compareClassifiers(labels, [
    { name: far.name, predictions: [wrongOn(0, 300)] },
    { name: good.name, predictions: [wrongOn(400, 100), wrongOn(405, 100)], seeds: [1, 2] },
    { name: near.name, predictions: [wrongOn(405, 103)] },
  ]),
)
const written = async (networks: readonly NetworkRecord[]) =>
  (await renderMarkdown({ ...study, networks, comparison })).markdown.replaceAll(' ', ' ')

test('pairs stand in the order of accuracy, with their lead and whether it is real', () => {
  expect(ranking(comparison)).toEqual([good.name, near.name, far.name])
  const cells = pairCells(comparison).sort((a, b) => a.points - b.points)
  expect(cells.map(({ better, worse, distinguishable }) => [better, worse, distinguishable])).toEqual([
    [0, 1, false],
    [1, 2, true],
    [0, 2, true],
  ])
  expect(cells.map(({ points }) => Number(points.toFixed(6)))).toEqual([0.3, 19.7, 20])
})

test('the report says how many pairs differ, which do not, and what the number of images and of seeds allows', async () => {
  const text = await written([good, near, far])
  expect(text).toContain('as there are 3 pairs')
  expect(text).toContain('Two can be told apart')
  expect(text).toContain('one is not distinguishable')
  expect(text).toMatch(/With 1,000 images, two networks of which exactly one is right on \d/)
  expect(text).toContain('1 network was trained with 2 seeds or more')
  expect(text).toMatch(new RegExp(`\\| ${near.title} \\|.*−0\\.30.*not distinguishable`))
  expect(text).toMatch(new RegExp(`\\| ${far.title} \\|.*−20\\.00.*behind`))
})

test('a study that compares nothing says nothing of it', async () => {
  expect((await renderMarkdown(study)).markdown).not.toContain('Which differences are real')
})
