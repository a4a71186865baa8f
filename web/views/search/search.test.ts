import { describe, expect, test } from 'vitest'
import { searchFixture } from '../../../src/search/figures/fixtures/search.ts'
import { trialOfSentence, trialSentence } from '../../../src/search/figures/values.ts'
import {
  brushedAlso,
  brushedTrials,
  listedAt,
  numberAt,
  readBrush,
  stretchOf,
  valueAxis,
  writeBrush,
} from './brush.ts'
import { runIdOf, withTrials } from './follow.ts'
import { parseTrialOrder, sortedTrials, trialColumns } from './trials.ts'

const record = searchFixture()
const [batch, rate] = record.axes
const valued = record.trials.filter(({ value, state }) => value !== null && state !== 'failed')

describe('a brush', () => {
  test('keeps every trial while nothing is brushed', () => {
    expect(brushedTrials(record, new Map()).size).toBe(valued.length)
  })
  test('keeps the trials of one listed value', () => {
    const brush = new Map([[batch.name, stretchOf(batch, 32)]])
    const expected = valued.filter(({ parameters }) => parameters[batch.name] === 32)
    expect([...brushedTrials(record, brush)].sort((a, b) => a - b)).toEqual(
      expected.map(({ trial }) => trial),
    )
    expect(listedAt(batch, stretchOf(batch, 32))).toBe(32)
  })
  test('keeps the trials within a range, on a logarithmic axis too, and of several axes those in all', () => {
    const half = new Map([[rate.name, [0.5, 1] as const]])
    const middle = numberAt(rate, 0.5)
    const expected = valued.filter(({ parameters }) => Number(parameters[rate.name]) >= middle)
    expect(brushedTrials(record, half).size).toBe(expected.length)
    const also = brushedAlso(half, batch.name, stretchOf(batch, 16))
    expect(brushedTrials(record, also).size).toBe(
      expected.filter(({ parameters }) => parameters[batch.name] === 16).length,
    )
    expect(brushedAlso(also, batch.name, undefined)).toEqual(half)
  })
  test('leaves out those where the parameter was not there', () => {
    const brush = new Map([['second', [0, 1.02] as const]])
    expect(brushedTrials(record, brush).size).toBe(
      valued.filter(({ parameters }) => parameters.second !== undefined).length,
    )
  })
  test('goes into an address and comes back; what leads nowhere is left out', () => {
    const brush = new Map([
      [batch.name, [0.25, 0.5] as const],
      [record.metric, [0.9, 1.02] as const],
    ])
    expect(readBrush(writeBrush(brush), record)).toEqual(brush)
    expect(readBrush('no such~0~1,batch~x~1,batch~1~0,%,batch', record).size).toBe(0)
  })
  test('knows the axis of the value', () => {
    const axis = valueAxis(record)
    expect(axis.low).toBeLessThan(record.best!.value)
    expect(axis.high).toBeGreaterThanOrEqual(record.best!.value)
  })
})

describe('a search that goes on', () => {
  const half = { ...record, trials: record.trials.slice(0, 20) }
  const { best: _, ...begun } = half
  test('has its trials as they come, and the best of them', () => {
    const next = withTrials(begun, record.trials.slice(10))
    expect(next.trials.map(({ trial }) => trial)).toEqual(record.trials.map(({ trial }) => trial))
    expect(next.best).toMatchObject({ trial: record.best!.trial, value: record.best!.value })
    expect(next.counts.complete).toBe(record.trials.filter(({ state }) => state === 'complete').length)
    expect(withTrials(record, [])).toBe(record)
  })
  test('names the run of a trial as its server does', () => {
    expect(runIdOf('study:searches:mlp', 7)).toBe('study:searches:mlp:trials:0007')
  })
})

describe('the table of trials', () => {
  test('has a column a parameter, and comes with the best first', () => {
    expect(trialColumns(record).map(({ title }) => title)).toEqual([
      'Trial',
      'State',
      'Value',
      ...record.axes.map(({ name }) => name),
      'Epochs',
      'Time',
    ])
    const [first] = sortedTrials(record, record.trials, parseTrialOrder('', record))
    expect(first.trial).toBe(record.best!.trial)
  })
  test('puts trials without a value last, whichever way it goes', () => {
    for (const text of ['value', '-value']) {
      const last = sortedTrials(record, record.trials, parseTrialOrder(text, record)).at(-1)
      expect(last?.value).toBeNull()
    }
  })
})

test('a mark tells its trial by what it says', () => {
  expect(trialOfSentence(trialSentence(record.trials[7]))).toBe(7)
  expect(trialOfSentence('mlp-small: loss 0.3')).toBeUndefined()
})
