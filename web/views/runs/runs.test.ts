import { describe, expect, test } from 'vitest'
import type { RecordIndexEvents, RunEvents } from '../../../src/catalog/answers.ts'
import type { ServerEvent } from '../../client/events.ts'
import { updated } from '../../client/record-lists.ts'
import { formatOrder, type Order, sortRows } from '../../parts/order.ts'
import { compareRuns, filtered, newestFirst, nextOrder, parseRunOrder, sortValue } from './choose.ts'
import { runColumns } from './columns.ts'
import { runRowFixture } from './fixture.ts'
import { grown } from './follow.ts'
import { chosenLines, otherLines } from './lines.ts'
import { cellText, grouped, singles } from './represent.ts'
import { differences, seedGroups } from './settings.ts'

const all = { words: '', status: '', data: '', within: '' }
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
const columnOf = (key: string) => runColumns.find((each) => each.key === key)!

const rows = [
  runRowFixture({ id: 'a', path: 'a', name: 'first', seed: 1, valAccuracy: 0.7 }),
  runRowFixture({ id: 'b', path: 'lab/b', name: 'second', seed: 2, valAccuracy: 0.9 }),
  runRowFixture({ id: 'c', path: 'c', name: 'third', rate: 0.1, valAccuracy: null, status: 'failed' }),
  runRowFixture({ id: 'd', path: 's/trials/0001', within: { kind: 'search', id: 's' }, model: 'cnn-small' }),
]

describe('the list', () => {
  test('is narrowed by words of name, path, settings and status, and by what must not be there', () => {
    expect(ids(filtered(rows, { ...all, words: 'LAB' }))).toEqual(['b'])
    expect(ids(filtered(rows, { ...all, words: 'mlp seed=1' }))).toEqual(['a', 'c'])
    expect(ids(filtered(rows, { ...all, words: 'mlp -failed' }))).toEqual(['a', 'b'])
    expect(ids(filtered(rows, { ...all, words: '-' }))).toEqual(['a', 'b', 'c', 'd'])
  })
  test('is narrowed by status and by where runs lie', () => {
    expect(ids(filtered(rows, { ...all, status: 'failed' }))).toEqual(['c'])
    expect(ids(filtered(rows, { ...all, within: 'top' }))).toEqual(['a', 'b', 'c'])
    expect(ids(filtered(rows, { ...all, within: 's' }))).toEqual(['d'])
  })
  test('is sorted either way, and what has no value comes last both times', () => {
    const by = (isDescending: boolean) =>
      ids(sortRows(rows.slice(0, 3), (row) => sortValue(row, 'valAccuracy'), isDescending, compareRuns))
    expect(by(true)).toEqual(['b', 'a', 'c'])
    expect(by(false)).toEqual(['a', 'b', 'c'])
  })
  test('keeps its order in the address, and none where it is the usual one', () => {
    const write = (order: Order) => formatOrder(order, newestFirst)
    expect(parseRunOrder('-valAccuracy')).toEqual({ key: 'valAccuracy', isDescending: true })
    expect(write(parseRunOrder('no such'))).toBe('')
    expect(write(nextOrder(columnOf('valLoss'), parseRunOrder('')))).toBe('valLoss')
    expect(write(nextOrder(columnOf('valLoss'), parseRunOrder('valLoss')))).toBe('-valLoss')
  })
  test('follows the server: new rows, changed ones, and those that are gone', () => {
    const events: ServerEvent<RecordIndexEvents>[] = [
      { type: 'run', data: { ...rows[0], epoch: 9 } },
      { type: 'removed', data: { kind: 'run', id: 'b' } },
      { type: 'removed', data: { kind: 'search', id: 'c' } },
      { type: 'run', data: runRowFixture({ id: 'e' }) },
    ]
    const next = updated(rows, 'run', events)
    expect(ids(next)).toEqual(['a', 'c', 'd', 'e'])
    expect(next[0].epoch).toBe(9)
    expect(updated(rows, 'run', [])).toBe(rows)
  })
})

describe('settings', () => {
  test('are told apart where they differ, and nowhere else', () => {
    expect(differences([rows[0], rows[2]])).toEqual([{ name: 'optimizer.learningRate', values: [0.01, 0.1] }])
    expect(differences([rows[0], rows[0]])).toEqual([])
    const { settings } = rows[0]
    const stopped = runRowFixture({ settings: { ...settings!, earlyStopping: { patience: 3, minDelta: 0 } } })
    expect(differences([rows[0], stopped]).map(({ name, values }) => [name, ...values])).toEqual([
      ['earlyStopping.patience', undefined, 3],
      ['earlyStopping.minDelta', undefined, 0],
    ])
  })
  test('put runs together that differ in the seed alone', () => {
    expect(seedGroups(rows).map((group) => ids(group.rows))).toEqual([['a', 'b'], ['c'], ['d']])
    const data = { ...rows[0].data!, split: 'another' }
    const others = [rows[0], runRowFixture({ id: 'l', layers: 'another' }), runRowFixture({ id: 's', data })]
    expect(seedGroups(others)).toHaveLength(3)
  })
})

describe('seeds together', () => {
  const [both, alone] = grouped(rows)
  test('show the mean and half its 95 % interval by Student’s t', () => {
    // 0.7 and 0.9: mean 0.8, deviation √0.02, t(0.975, 1) = 12.706, half 12.706 · √0.02 / √2
    expect(both.row.valAccuracy).toBeCloseTo(0.8, 12)
    expect(both.halves.get('valAccuracy')).toBeCloseTo(1.2706, 4)
    expect(cellText(both, columnOf('valAccuracy'))).toBe('80.00\u00a0% ± 127.06')
    expect(cellText(both, columnOf('name'))).toBe('first × 2')
    expect(cellText(both, columnOf('seed'))).toBe('1, 2')
    expect(cellText(alone, columnOf('seed'))).toBe('1')
  })
})

test('a run that stopped early says how far it came', () => {
  const [line] = singles([runRowFixture({ epoch: 2, epochs: 10 })])
  expect(cellText(line, columnOf('epoch'))).toBe('2/10')
})

describe('lines', () => {
  const curves = (values: readonly number[]) => ({
    epoch: values.map((_, i) => i + 1),
    loss: [...values],
    accuracy: [...values],
    valLoss: [...values],
    valAccuracy: [...values],
    learningRate: [],
    seconds: [],
  })
  const store = new Map([
    ['a', curves([3, 2, 1])],
    ['b', curves([5, 4])],
  ])
  const wishes = { metric: 'loss', split: 'validation', smoothing: 0 } as const
  test('of several seeds are means with their interval, as far as all have come', () => {
    const [line] = chosenLines(store, [{ name: 'both', rows: rows.slice(0, 2) }], wishes)
    expect(line.values.map(({ epoch, value }) => [epoch, value])).toEqual([
      [1, 4],
      [2, 3],
    ])
    expect(line.band?.[0].high).toBeCloseTo(4 + (12.7062 * Math.SQRT2) / Math.SQRT2, 3)
  })
  test('that are smoothed keep what they were behind them', () => {
    const [line] = chosenLines(store, [{ name: 'a', rows: [rows[0]] }], { ...wishes, smoothing: 0.5 })
    expect(line.raw?.map(({ value }) => value)).toEqual([3, 2, 1])
    expect(line.values[0].value).toBe(3)
  })
  test('of runs whose epochs are not here yet are left out', () => {
    expect(otherLines(store, ['a', 'no such'], wishes)).toHaveLength(1)
  })
})

test('events grow, and begin anew where a run goes on from a checkpoint', () => {
  type Told = ServerEvent<RunEvents>
  const started = { type: 'started', data: { type: 'started' } } as Told
  const epoch = (n: number) => ({ type: 'epoch', data: { type: 'epoch', epoch: n } }) as Told
  const first = grown([], [started, epoch(1), epoch(2), { type: 'removed', data: {} }])
  expect(first).toHaveLength(3)
  expect(grown(first, [{ type: 'reset', data: {} }, started, epoch(1)])).toHaveLength(2)
})
