import { describe, expect, test } from 'vitest'
import { readKind } from './check.ts'
import { throughFlags } from './fixtures/through-flags.ts'
import { rateFactor, type Schedule, type ScheduleInput, type ScheduleName, schedules } from './schedules.ts'

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
  ])(
    'a warm-up of %d epochs of %d steps never raises the rate above the asked one (case 08)',
    (warmUp, steps) => {
      const all = Array.from({ length: 3 * steps }, (_, step) =>
        rateFactor(schedule({ kind: 'constant', warmUp }), step, steps, 3),
      )
      expect(Math.max(...all)).toBe(1)
      expect(rises(all)).toBe(true)
    },
  )
  test('a run of one step has a rate', () => {
    for (const kind of ['constant', 'cosine', 'linear', 'one-cycle'] as const) {
      expect(Number.isFinite(rateFactor(schedule({ kind }), 0, 1, 1))).toBe(true)
    }
  })
})

/** A schedule's case: options that flags can give, and the factor of the last of `total` steps. */
interface Case<Name extends ScheduleName> {
  readonly given: readonly Omit<Extract<ScheduleInput, { kind: Name }>, 'kind'>[]
  end(spec: Extract<Schedule, { kind: Name }>, total: number): number
}

/** What every schedule is tried with: a new one without its case does not compile. */
const cases: { readonly [Name in ScheduleName]: Case<Name> } = {
  constant: { given: [{}, { warmUp: 1.5 }], end: () => 1 },
  step: {
    given: [{ every: 2 }, { every: 1, factor: 0.5, warmUp: 1 }, { factor: 1 }],
    end: ({ every, factor }, total) => factor ** Math.floor((total - 1) / (STEPS * every)),
  },
  cosine: { given: [{}, { warmUp: 2 }], end: ({ floor }) => floor },
  linear: { given: [{}, { warmUp: 0.25 }], end: () => 0 },
  'one-cycle': { given: [{}], end: ({ end }) => 1 / end },
}
const all = Object.entries(cases).flatMap(([kind, { given, end }]) =>
  given.map((options) => {
    const spec = schedule({ kind, ...options } as ScheduleInput)
    return { kind, options, spec, end: end(spec as never, STEPS * EPOCHS) }
  }),
)

describe.each(all)('the schedule $kind with $options', ({ spec, end }) => {
  const found = factors(spec)
  const warm = 'warmUp' in spec ? spec.warmUp * STEPS : 0

  test('is above 0 until its end and never above 1', () => {
    expect(Math.max(...found)).toBeLessThanOrEqual(1)
    expect(found.slice(0, -1).every((factor) => factor > 0)).toBe(true)
  })
  test('ends where it should', () => {
    expect(found.at(-1)).toBeCloseTo(end, 12)
  })
  test('warms up in a straight line, if it does', () => {
    found.slice(0, Math.floor(warm)).forEach((factor, step) => {
      expect(factor).toBeCloseTo((step + 1) / warm, 12)
    })
    expect(found.length).toBeGreaterThan(warm)
  })
  test('is the same after a command line and after JSON', () => {
    expect(schedule(throughFlags({ schedule: spec }).schedule ?? { kind: 'cosine' })).toEqual(spec)
    expect(schedule(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })
})
