import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { integers, logIntegers, logRange, oneOf, range, when } from '../domain.ts'
import { applyLogs } from '../fixtures/optuna.ts'
import { openSpace } from '../open-space.ts'
import { defineSpace } from '../space.ts'
import { readJournal } from './journal.ts'
import { datetime } from './operations.ts'
import { replay, studyOf } from './replay.ts'
import { createSearchJournal, reopenSearchJournal } from './search-journal.ts'

const directory = mkdtempSync(join(tmpdir(), 'atelier-journal-'))
afterAll(() => rmSync(directory, { recursive: true }))
let files = 0
const fresh = () => join(directory, `${++files}.log`)

const space = openSpace(
  defineSpace({
    name: 'all',
    parameters: {
      kind: ['sgd', 'adam'],
      isWide: [true, false],
      depth: integers(1, 6, 2),
      width: logIntegers(8, 512),
      rate: logRange(1e-4, 1e-1),
      dropout: range(0, 0.55, 0.1),
      second: when({ depth: { atLeast: 3 } }, oneOf(8, 16)),
    },
  }),
)
const points = [
  { kind: 'adam', isWide: false, depth: 1, width: 64, rate: 0.003, dropout: 0.3 },
  { kind: 'sgd', isWide: true, depth: 5, width: 512, rate: 0.1, dropout: 0.5, second: 16 },
  { kind: 'sgd', isWide: true, depth: 3, width: 8, rate: 0.0001, dropout: 0, second: 8 },
  { kind: 'sgd', isWide: false, depth: 3, width: 9, rate: 0.01, dropout: 0.1, second: 8 },
]

/** A search with a trial of every kind. */
function written(path = fresh()): string {
  const journal = createSearchJournal(path, space, {
    name: 'clothes',
    direction: 'maximize',
    metric: 'val_acc',
    settings: { seed: 7 },
  })
  const [first, second, third, fourth] = points.map((point) => journal.begin(point))
  journal.set(first, { worker: 0 })
  journal.report(first, 1, 0.5)
  journal.report(second, 1, 0.25)
  journal.report(first, 2, 0.75)
  journal.report(first, 2, 0.75)
  journal.finish(first, 'complete', 0.75, { val_loss: 0.4, weights_hash: 'abc' })
  journal.finish(second, 'pruned', 0.25, { val_loss: 1.4 })
  journal.finish(third, 'failed', undefined, { reason: 'error', message: 'no' })
  journal.mark(fourth, 'waiting')
  journal.mark(fourth, 'running')
  journal.report(fourth, 1, 0.125)
  journal.end('trials', 4)
  journal.close()
  return path
}

describe('the journal', () => {
  test('holds what Optuna’s operations say, read by a reader of theirs', () => {
    const [study, ...others] = applyLogs(readFileSync(written(), 'utf8'))
    expect(others).toEqual([])
    const { trials, ...head } = study
    expect(head).toEqual({
      study_name: 'clothes',
      directions: ['MAXIMIZE'],
      user_attrs: { atelier: { seed: 7 }, atelier_ended: { reason: 'trials', trials: 4 } },
      system_attrs: { 'study:metric_names': ['val_acc'] },
    })
    expect(
      trials.map(({ number, state, params, intermediate_values, values, user_attrs }) => ({
        number,
        state,
        params,
        intermediate_values,
        values,
        user_attrs,
      })),
    ).toEqual([
      {
        number: 0,
        state: 'COMPLETE',
        params: points[0],
        intermediate_values: { 1: 0.5, 2: 0.75 },
        values: [0.75],
        user_attrs: { worker: 0, val_loss: 0.4, weights_hash: 'abc' },
      },
      {
        number: 1,
        state: 'PRUNED',
        params: points[1],
        intermediate_values: { 1: 0.25 },
        values: [0.25],
        user_attrs: { val_loss: 1.4 },
      },
      {
        number: 2,
        state: 'FAIL',
        params: points[2],
        intermediate_values: {},
        values: null,
        user_attrs: { reason: 'error', message: 'no' },
      },
      {
        number: 3,
        state: 'RUNNING',
        params: points[3],
        intermediate_values: { 1: 0.125 },
        values: null,
        user_attrs: {},
      },
    ])
    for (const { datetime_start, datetime_complete, state } of trials) {
      expect(Math.abs(Number(datetime_start) - Date.now())).toBeLessThan(10_000)
      expect(datetime_complete === null).toBe(state === 'RUNNING')
    }
  })
  test('names distributions as Optuna does, high ends where the last step falls', () => {
    const [{ trials }] = applyLogs(readFileSync(written(), 'utf8'))
    expect(trials[1].distributions).toEqual({
      kind: { name: 'CategoricalDistribution', attributes: { choices: ['sgd', 'adam'] } },
      isWide: { name: 'CategoricalDistribution', attributes: { choices: [true, false] } },
      depth: { name: 'IntDistribution', attributes: { log: false, step: 2, low: 1, high: 5 } },
      width: { name: 'IntDistribution', attributes: { log: true, step: 1, low: 8, high: 512 } },
      rate: { name: 'FloatDistribution', attributes: { step: null, low: 1e-4, high: 1e-1, log: true } },
      dropout: { name: 'FloatDistribution', attributes: { step: 0.1, low: 0, high: 0.5, log: false } },
      second: { name: 'CategoricalDistribution', attributes: { choices: [8, 16] } },
    })
  })
  test('writes no value that a viewer could not show: no null in attributes, no NaN', () => {
    for (const line of readFileSync(written(), 'utf8').trim().split('\n')) {
      const { user_attr, intermediate_value } = JSON.parse(line)
      for (const value of Object.values(user_attr ?? {})) expect(value).not.toBeNull()
      if (intermediate_value !== undefined) expect(Number.isFinite(intermediate_value)).toBe(true)
    }
  })
  test('our own reader says the same, and what it reads can be gone on with', () => {
    const path = written()
    const text = readJournal(path)
    const { trials } = replay(text.operations, space, path)
    expect(
      trials.map(({ state, value, steps, values, point }) => ({ state, value, steps, values, point })),
    ).toEqual([
      { state: 'complete', value: 0.75, steps: [1, 2], values: [0.5, 0.75], point: points[0] },
      { state: 'pruned', value: 0.25, steps: [1], values: [0.25], point: points[1] },
      { state: 'failed', value: undefined, steps: [], values: [], point: points[2] },
      { state: 'running', value: undefined, steps: [1], values: [0.125], point: points[3] },
    ])
    const journal = reopenSearchJournal(path, space, text)
    journal.report(journal.trials[3], 1, 0.125)
    journal.report(journal.trials[3], 2, 0.5)
    journal.finish(journal.trials[3], 'complete', 0.5, {})
    journal.close()
    const [study] = applyLogs(readFileSync(path, 'utf8'))
    expect(study.trials[3]).toMatchObject({
      state: 'COMPLETE',
      values: [0.5],
      intermediate_values: { 1: 0.125, 2: 0.5 },
    })
  })
  test('a search that ended is not said to have ended again', () => {
    const path = written()
    const ended = () => readFileSync(path, 'utf8')
    const before = ended()
    const reopened = (reason: string, trials: number) => {
      const journal = reopenSearchJournal(path, space, readJournal(path))
      journal.end(reason, trials)
      journal.close()
    }
    reopened('trials', 4)
    expect(ended()).toBe(before)
    reopened('time', 4)
    expect(ended().split('\n')).toHaveLength(before.split('\n').length + 1)
  })
  test('both readers apply every operation of the format alike, those too that we do not write', () => {
    const operations = [
      { op_code: 0, study_name: 'a', directions: [1] },
      { op_code: 2, study_id: 0, user_attr: { atelier: { seed: 1 } } },
      { op_code: 3, study_id: 0, system_attr: { x: 1 } },
      { op_code: 4, study_id: 0, datetime_start: '2026-11-24T07:00:00.000000' },
      {
        op_code: 5,
        trial_id: 0,
        param_name: 'kind',
        param_value_internal: 1,
        distribution: '{"name": "CategoricalDistribution", "attributes": {"choices": ["sgd", "adam"]}}',
      },
      { op_code: 7, trial_id: 0, step: 3, intermediate_value: 0.5 },
      { op_code: 7, trial_id: 0, step: 1, intermediate_value: 0.25 },
      { op_code: 7, trial_id: 0, step: 3, intermediate_value: 0.75 },
      { op_code: 8, trial_id: 0, user_attr: { note: 'b' } },
      { op_code: 9, trial_id: 0, system_attr: { c: 1 } },
      { op_code: 6, trial_id: 0, state: 1, values: [2], datetime_complete: '2026-11-24T07:01:00.000000' },
      { op_code: 6, trial_id: 0, state: 3, values: null, datetime_complete: '2026-11-24T07:02:00.000000' },
      { op_code: 7, trial_id: 0, step: 4, intermediate_value: 9 },
      { op_code: 8, trial_id: 0, user_attr: { note: 'late' } },
      { op_code: 7, trial_id: 5, step: 4, intermediate_value: 9 },
    ]
    const text = operations.map((op) => `${JSON.stringify({ worker_id: 'w', ...op })}\n`).join('')
    const path = fresh()
    writeFileSync(path, text)
    const [theirs] = applyLogs(text)[0].trials
    const [ours] = replay(readJournal(path).operations, space, path).trials
    expect(theirs).toMatchObject({
      state: 'COMPLETE',
      values: [2],
      params: { kind: 'adam' },
      user_attrs: { note: 'b' },
    })
    expect(theirs.intermediate_values).toEqual({ 1: 0.25, 3: 0.75 })
    expect(ours).toMatchObject({
      state: 'complete',
      value: 2,
      point: { kind: 'adam' },
      attributes: { note: 'b' },
      steps: [1, 3],
      values: [0.25, 0.75],
      end: '2026-11-24T07:01:00.000000',
    })
  })
  test('a trial that Optuna enqueued (case 12) has the values that it was given, and they are written when it begins', () => {
    const enqueue = (path: string, fixed_params: object) =>
      appendFileSync(
        path,
        `${JSON.stringify({
          ...{
            op_code: 4,
            worker_id: 'x',
            study_id: 0,
            datetime_start: null,
            state: 4,
            value: null,
            values: null,
          },
          ...{ params: {}, distributions: {}, user_attrs: {}, intermediate_values: {} },
          system_attrs: { fixed_params },
        })}\n`,
      )
    const path = written()
    enqueue(path, points[1])
    const journal = reopenSearchJournal(path, space, readJournal(path))
    const trial = journal.trials[4]
    expect(trial).toMatchObject({ state: 'waiting', point: points[1] })
    journal.mark(trial, 'running')
    journal.close()
    expect(applyLogs(readFileSync(path, 'utf8'))[0].trials[4]).toMatchObject({
      state: 'RUNNING',
      params: points[1],
    })
    for (const odd of [{}, { kind: 'adam' }, { ...points[1], depth: 2 }]) {
      const other = written()
      enqueue(other, odd)
      expect(() => reopenSearchJournal(other, space, readJournal(other))).toThrow(
        /trial 4: expected a value for each parameter of the space all/,
      )
    }
  })
  test('times are in UTC, to the microsecond, with their offset', () => {
    const time = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6))
    expect(datetime(time)).toBe('2026-01-02T03:04:05.006000+00:00')
    expect(new Date(datetime(time)).getTime()).toBe(time.getTime())
  })
})

// Journals as Optuna 5.0.0 itself reads them: test/oracles/optuna_journal.py says how the answers were made.
describe('Optuna reads', () => {
  const oracle = (name: string) =>
    fileURLToPath(new URL(`../../../test/oracles/optuna/${name}`, import.meta.url))
  const answer = (name: string) =>
    JSON.parse(readFileSync(oracle(name), 'utf8')) as { studies: OptunaStudy[] }
  interface OptunaStudy {
    readonly name: string
    readonly directions: readonly string[]
    readonly user_attrs: unknown
    readonly system_attrs: unknown
    readonly trials: readonly Record<string, unknown>[]
  }
  /** What differs from one writing to the next: who wrote, and when. */
  const timeless = (text: string) =>
    text.replace(/"worker_id":"[^"]+"/g, '"worker_id":"w"').replace(/\d{4}-\d\d-\d\dT[\d:.+]+/g, 'time')
  const told = (text: string): OptunaStudy[] =>
    applyLogs(text).map(({ study_name, directions, user_attrs, system_attrs, trials }) => ({
      name: study_name,
      directions,
      user_attrs,
      system_attrs,
      trials: trials.map(({ datetime_start, datetime_complete, ...trial }) => ({
        ...trial,
        has_start: datetime_start !== null,
        has_end: datetime_complete !== null,
      })),
    }))

  test('what we write: every parameter, distribution, value, state and attribute', () => {
    const text = readFileSync(written(), 'utf8')
    if (process.env.ATELIER_WRITE_ORACLE === '1') writeFileSync(oracle('ours.log'), text)
    expect(timeless(text)).toBe(timeless(readFileSync(oracle('ours.log'), 'utf8')))
    expect(told(text)).toEqual(answer('ours.json').studies)
  })
  test('what it writes itself as our readers do', () => {
    const text = readFileSync(oracle('theirs.log'), 'utf8')
    expect(told(text)).toEqual(answer('theirs.json').studies)
    const [study] = answer('theirs.json').studies
    // Our own reader knows one study: the one that was created and deleted before it is left out.
    const path = fresh()
    const lines = text.split('\n').slice(2)
    writeFileSync(path, lines.join('\n').replaceAll('"study_id":1', '"study_id":0'))
    const { trials } = replay(readJournal(path).operations, space, path)
    const names = {
      running: 'RUNNING',
      complete: 'COMPLETE',
      pruned: 'PRUNED',
      failed: 'FAIL',
      waiting: 'WAITING',
    }
    expect(
      trials.map(({ state, value, point, attributes, steps, values }) => ({
        state: names[state],
        values: value === undefined ? null : [value],
        params: point,
        user_attrs: attributes,
        intermediate_values: Object.fromEntries(steps.map((step, i) => [step, values[i]])),
      })),
    ).toEqual(
      study.trials.map(({ state, values, params, user_attrs, intermediate_values }) => ({
        state,
        values,
        params,
        user_attrs,
        intermediate_values,
      })),
    )
  })
})

describe('a damaged or foreign journal', () => {
  test('loses a torn last line, with a warning, and nothing else', () => {
    const path = written()
    const whole = readFileSync(path)
    // A kill leaves no word that the writer has left.
    const checksums = `${path}.checksums`
    writeFileSync(checksums, readFileSync(checksums, 'utf8').replace(/[^\n]*\n$/, ''))
    for (const cut of [1, 2, 17, 60]) {
      writeFileSync(path, whole.subarray(0, whole.length - cut))
      const before = readFileSync(path)
      const text = readJournal(path)
      expect(text.warnings).toEqual([`${path}: the last line is torn and was left out.`])
      expect(readFileSync(path).equals(before)).toBe(true)
      reopenSearchJournal(path, space, text).close()
      expect(() => applyLogs(readFileSync(path, 'utf8'))).not.toThrow()
    }
  })
  test('that a power cut has shortened says so; one whose writer had left is refused', () => {
    const path = written()
    const checksums = `${path}.checksums`
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${lines.slice(0, -4).join('\n')}\n`)
    expect(() => readJournal(path)).toThrow(`received ${lines.length - 4} of its ${lines.length - 1} lines`)
    writeFileSync(checksums, readFileSync(checksums, 'utf8').replace(/[^\n]*\n$/, ''))
    expect(readJournal(path).warnings).toEqual([`${path}: the last 3 lines were lost and are left out.`])
  })
  test.each([
    ['text', 'hello\n', /line 1: .* a line that is no JSON/],
    ['other JSON lines', '{"type":"epoch"}\n', /line 1: .* a line that is no operation/],
    ['nothing', '', /an empty one/],
    [
      'a study of Optuna’s own',
      '{"op_code":0,"worker_id":"w","study_name":"theirs","directions":[1]}\n',
      /another program's study "theirs"/,
    ],
    [
      'something without a study',
      '{"op_code":8,"worker_id":"w","trial_id":0,"user_attr":{"a":1}}\n',
      /does not begin with a study/,
    ],
  ])('%s is refused and left as it is', (_, content, message) => {
    const path = fresh()
    writeFileSync(path, content)
    expect(() => studyOf(readJournal(path).operations, path)).toThrow(message)
    expect(readFileSync(path, 'utf8')).toBe(content)
  })
  test('a line that is damaged in the middle is refused', () => {
    const path = written()
    const lines = readFileSync(path, 'utf8').split('\n')
    lines[4] = lines[4].slice(0, 20)
    writeFileSync(path, lines.join('\n'))
    expect(() => readJournal(path)).toThrow(/line 5: expected the file as it was written/)
  })
  test('two studies in one file are refused', () => {
    const path = written()
    appendFileSync(path, '{"op_code":0,"worker_id":"w","study_name":"more","directions":[1]}\n')
    expect(() => studyOf(readJournal(path).operations, path)).toThrow(/several studies/)
  })
  const begun = { op_code: 4, worker_id: 'w', study_id: 0, datetime_start: '2026-11-24T07:00:00.000000' }
  test.each([
    [
      'a value outside its range',
      { ...begun, params: { rate: 7 } },
      /trial 4: .*values of the space all, received rate = 7/,
    ],
    ['a value between two steps', { ...begun, params: { dropout: 0.25 } }, /received dropout = 0.25/],
    ['a choice that is not there', { ...begun, params: { kind: 2 } }, /received kind = 2/],
    ['a parameter that is not there', { ...begun, params: { toString: 1 } }, /received toString = 1/],
    [
      'a value of a later line',
      {
        op_code: 5,
        worker_id: 'w',
        trial_id: 3,
        param_name: 'depth',
        param_value_internal: 2,
        distribution: '',
      },
      /received depth = 2/,
    ],
    [
      'a time that is none',
      { ...begun, datetime_start: 'soon' },
      /datetime_start: expected a time, received "soon"/,
    ],
    [
      'a trial by another name',
      { op_code: 8, trial_id: 'push', user_attr: {} },
      /trial_id: expected a (whole )?number, received "push"/,
    ],
    [
      'a step that is no number',
      { op_code: 7, trial_id: 3, step: [], intermediate_value: 1 },
      /step: expected a number/,
    ],
    ['attributes that are none', { op_code: 8, trial_id: 3, user_attr: 3 }, /user_attr: expected an object/],
  ])('%s is refused', (_, operation, message) => {
    const path = written()
    appendFileSync(path, `${JSON.stringify({ worker_id: 'w', ...operation })}\n`)
    expect(() => replay(readJournal(path).operations, space, path)).toThrow(message)
  })
  test('reports may come in any order, and as many as there are', () => {
    const path = written()
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify({ op_code: 7, worker_id: 'w', trial_id: 3, step: 20_000 - i, intermediate_value: i }),
    )
    appendFileSync(path, `${lines.join('\n')}\n`)
    const { steps, values } = replay(readJournal(path).operations, space, path).trials[3]
    expect(steps).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1))
    expect(values[0]).toBe(19_999)
  })
})
