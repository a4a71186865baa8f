import { describe, expect, test } from 'vitest'
import { describeFigures, type FigureOf, type Pictures, texts } from '../../../test/support/figures.ts'
import { searchRecord } from '../record.ts'
import { axisPlace, axisTicks } from './axis.ts'
import { searchFixture } from './fixtures/search.ts'
import { drawHistory, historyRows } from './history.ts'
import { drawImportance, importanceHeight, importanceRows } from './importance.ts'
import { drawIntermediate, intermediateRows } from './intermediate.ts'
import { drawParallel, parallelRows } from './parallel.ts'
import { drawSlice, sliceRows } from './slices.ts'
import { drawTimeline, timelineHeight, timelineRows } from './timeline.ts'
import { kept, searchDomain } from './values.ts'

const record = searchFixture()
test('the made-up search is a record', () => {
  expect(searchRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record)
})

describe('the history', () => {
  test('has a row for every trial with a value, and the best only rises', () => {
    const rows = historyRows(record)
    expect(rows).toHaveLength(39)
    const best = rows.map((row) => row.best).filter((value) => value !== undefined)
    expect(best).toEqual([...best].sort((a, b) => a - b))
    expect(rows.filter(({ isBest }) => isBest)).toHaveLength(1)
    expect(rows.find(({ isBest }) => isBest)?.value).toBe(best.at(-1))
  })
  test('where less is better the best only falls', () => {
    const best = historyRows({ ...record, direction: 'minimize' }).flatMap((row) => row.best ?? [])
    expect(best).toEqual([...best].sort((a, b) => b - a))
  })
})

test('intermediate values are all there, the last of each trial marked', () => {
  const rows = intermediateRows(record)
  expect(rows).toHaveLength(record.trials.reduce((sum, { steps }) => sum + steps.length, 0))
  expect(rows.filter(({ isLast }) => isLast)).toHaveLength(39)
})

test('parallel coordinates put every trial on every axis, missing parameters below', () => {
  const rows = parallelRows(record)
  expect(rows).toHaveLength(39 * 6)
  const { trial } = record.trials.find(({ parameters }) => parameters.depth === 1)!
  expect(rows.find((row) => row.trial === trial && row.axis === 4)?.place).toBe(-0.1)
  expect(rows.every(({ place }) => place >= -0.1 && place <= 1)).toBe(true)
  expect(new Set(rows.map(({ shade }) => shade)).size).toBe(8)
  expect(rows.at(-1)).toMatchObject({ isBest: true, axis: 5 })
})

test('what a space holds at one value has no axis and no row: it tells no trials apart', () => {
  const fixed = {
    ...record,
    axes: [{ name: 'flip', values: [true], log: false }, ...record.axes],
    importance: {
      ...record.importance!,
      parameters: [{ name: 'flip', share: 0 }, ...record.importance!.parameters],
    },
  }
  expect(parallelRows(fixed)).toEqual(parallelRows(record))
  expect(importanceRows(fixed)).toEqual(importanceRows(record))
})

test('a slice holds the trials in which the parameter was there', () => {
  expect(sliceRows(record, 'second').length).toBe(
    record.trials.filter(({ parameters, value }) => parameters.second !== undefined && value !== null).length,
  )
  expect(sliceRows(record, 'no such')).toEqual([])
})

test('importances are in order, and what several explain together comes last', () => {
  const rows = importanceRows(record)
  expect(rows.map(({ name }) => name)).toEqual([
    'learningRate',
    'depth',
    'optimizer',
    'batch',
    'second',
    'several together',
  ])
  expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  expect(importanceRows({ ...record, importance: undefined } as never)).toEqual([])
})

test('on the time line no worker does two things at once', () => {
  const rows = timelineRows(record)
  expect(Math.min(...rows.map(({ from }) => from))).toBe(0)
  for (const worker of [0, 1]) {
    const own = rows.filter((row) => row.worker === worker).sort((a, b) => a.from - b.from)
    own.slice(1).forEach((row, i) => {
      expect(row.from).toBeGreaterThanOrEqual(own[i].to)
    })
  }
})

describe('axes', () => {
  test('listed values stand at even distances, others by their scale', () => {
    const [batch, rate] = record.axes
    expect([16, 32, 64].map((value) => axisPlace(batch, value))).toEqual([1 / 6, 0.5, 5 / 6])
    expect(axisPlace(rate, 0.001)).toBeCloseTo(1 / 3)
    expect(axisTicks(rate).map(({ text }) => text)).toEqual(['1e-4', '0.003', '0.10'])
  })
  test('a network that learned nothing does not squeeze the others', () => {
    const [low, high] = searchDomain([0.1, 0.86, 0.87, 0.88, 0.89], 'maximize')
    expect(low).toBeGreaterThan(0.8)
    expect(kept(0.1, [low, high])).toEqual({ y: low, isBeyond: true })
    expect(searchDomain([0.3, 0.31, 0.32, 0.33, 9], 'minimize')[1]).toBeLessThan(1)
    expect(searchDomain([], 'minimize')).toEqual([0, 1])
  })
})

/** The pictures of every figure: one without does not compile. */
const cases: Record<
  | FigureOf<typeof import('./history.ts')>
  | FigureOf<typeof import('./importance.ts')>
  | FigureOf<typeof import('./intermediate.ts')>
  | FigureOf<typeof import('./parallel.ts')>
  | FigureOf<typeof import('./slices.ts')>
  | FigureOf<typeof import('./timeline.ts')>,
  Pictures
> = {
  drawHistory: {
    'search-history': (document) => drawHistory(document, record, { ...texts, width: 720, height: 320 }),
  },
  drawIntermediate: {
    'search-intermediate-values': (document) =>
      drawIntermediate(document, record, { ...texts, width: 720, height: 340 }),
  },
  drawParallel: {
    'search-parallel-coordinates': (document) =>
      drawParallel(document, record, { ...texts, width: 760, height: 340 }),
  },
  drawSlice: {
    'search-slice': (document) =>
      drawSlice(document, record, 'learningRate', { ...texts, width: 340, height: 220 }),
  },
  drawImportance: {
    'search-importance': (document) =>
      drawImportance(document, record, { ...texts, width: 560, height: importanceHeight(6) }),
  },
  drawTimeline: {
    'search-timeline': (document) =>
      drawTimeline(document, record, { ...texts, width: 760, height: timelineHeight(2) }),
  },
}
describeFigures(cases)
