import { describe, expect, test } from 'vitest'
import { rateFactor, type ScheduleInput, schedules } from './schedules.ts'
import { readKind } from './check.ts'

const schedule = (given: ScheduleInput) => readKind(schedules, given, 'schedule')

const [STEPS, EPOCHS] = [10, 6]
const factors = (given: ScheduleInput) =>
  Array.from({ length: STEPS * EPOCHS }, (_, step) => rateFactor(schedule(given), step, STEPS, EPOCHS))

const falls = (values: readonly number[]) => values.every((value, i) => i === 0 || value <= values[i - 1])
const rises = (values: readonly number[]) => falls(values.toReversed())

describe('learning-rate schedules', () => {
  test('constant is 1, after a straight warm-up', () => {
    const all = factors({ kind: 'constant', warmUp: 2 })
    expect(all[0]).toBeCloseTo(1 / 20)
    expect(all[19]).toBe(1)
    expect(rises(all)).toBe(true)
  })
  test('step falls by its factor after every few epochs', () => {
    const all = factors({ kind: 'step', every: 2, factor: 0.1 })
    expect([all[0], all[19], all[20], all[40]].map((x) => Number(x.toPrecision(6)))).toEqual([
      1, 1, 0.1, 0.01,
    ])
  })
  test('cosine falls from 1 to its floor, and is half-way at half-time', () => {
    const all = factors({ kind: 'cosine', floor: 0.2 })
    expect(all[0]).toBe(1)
    expect(all.at(-1)).toBeCloseTo(0.2, 12)
    expect((all[29] + all[30]) / 2).toBeCloseTo(0.6, 12)
    expect(falls(all)).toBe(true)
  })
  test('linear falls from 1 to 0', () => {
    const all = factors({ kind: 'linear' })
    expect([all[0], all.at(-1)]).toEqual([1, 0])
    expect(falls(all)).toBe(true)
  })
  test('one-cycle rises to 1 at its peak and falls to almost nothing', () => {
    const all = factors({ kind: 'one-cycle', peak: 0.3, start: 25, end: 1000 })
    const top = all.indexOf(Math.max(...all))
    expect(all[0]).toBeCloseTo(1 / 25, 12)
    expect(top / all.length).toBeCloseTo(0.3, 1)
    expect(all.at(-1)).toBeCloseTo(1 / 1000, 12)
    expect(rises(all.slice(0, top + 1)) && falls(all.slice(top))).toBe(true)
  })
  test.each([
    [0.003, 15],
    [0.01, 10],
    [0.5, 3],
    [1.25, 10],
  ])('a warm-up of %d epochs of %d steps never raises the rate above the asked one', (warmUp, steps) => {
    const all = Array.from({ length: 3 * steps }, (_, step) =>
      rateFactor(schedule({ kind: 'constant', warmUp }), step, steps, 3),
    )
    expect(Math.max(...all)).toBe(1)
    expect(rises(all)).toBe(true)
  })
  test('a run of one step has a rate', () => {
    for (const kind of ['constant', 'cosine', 'linear', 'one-cycle'] as const) {
      expect(Number.isFinite(rateFactor(schedule({ kind }), 0, 1, 1))).toBe(true)
    }
  })
})
