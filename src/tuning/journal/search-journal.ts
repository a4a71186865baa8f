import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../../base/errors.ts'
import type { Point } from '../constraints.ts'
import type { Scalar } from '../domain.ts'
import type { OpenSpace } from '../open-space.ts'
import { distributionOf, internalOf } from './distributions.ts'
import { type JournalText, JournalWriter } from './journal.ts'
import {
  type Attributes,
  DIRECTION,
  type Direction,
  datetime,
  isFinished,
  type Json,
  OP,
  SETTINGS,
  STATE,
  type State,
} from './operations.ts'
import { ENDED, placeOf, record, replay } from './replay.ts'
import type { Trial } from './trial.ts'

/** The trials of a search, in memory and in the journal: what changes one changes the other. One process writes it. */
export interface SearchJournal {
  readonly trials: readonly Trial[]
  begin(point: Point): Trial
  /** Notes a report; one that is known already is not written again. */
  report(trial: Trial, step: number, value: number): void
  set(trial: Trial, attributes: Attributes): void
  /** Running again, or set aside to go on later. */
  mark(trial: Trial, state: 'running' | 'waiting'): void
  finish(
    trial: Trial,
    state: 'complete' | 'pruned' | 'failed',
    value: number | undefined,
    attributes: Attributes,
  ): void
  /** Notes why the search stopped and how many trials count; what is known already is not written again. */
  end(reason: string, trials: number): void
  close(): void
}

export interface StudyHead {
  readonly name: string
  readonly direction: Direction
  readonly metric: string
  readonly settings: Json
}

/** Begins a journal in a file that must not exist yet. */
export function createSearchJournal(path: string, space: OpenSpace, head: StudyHead): SearchJournal {
  const writer = JournalWriter.create(path)
  writer.append(
    { op_code: OP.createStudy, study_name: head.name, directions: [DIRECTION[head.direction]] },
    { op_code: OP.setStudyUserAttr, study_id: 0, user_attr: { [SETTINGS]: head.settings } },
    { op_code: OP.setStudySystemAttr, study_id: 0, system_attr: { 'study:metric_names': [head.metric] } },
  )
  return over(writer, space, [])
}

/** Refuses a journal with a trial that is to be run and has no point of the space: another program's, half begun. */
function checkPoints(trials: readonly Trial[], space: OpenSpace, at: string): void {
  for (const trial of trials) {
    if (isFinished(trial.state) || space.contains(trial.point)) continue
    const received = Object.entries(trial.point).map(([name, value]) => `${name} = ${value}`)
    throw new InputError({
      at: `${at}: trial ${trial.number}`,
      expected: `a value for each parameter of the space ${space.space.name}`,
      received: received.join(', ') || 'none',
      hint: 'A trial that is enqueued needs a value for each of them.',
    })
  }
}

/** Goes on with a journal that was read and found to belong to the search. */
export function reopenSearchJournal(path: string, space: OpenSpace, text: JournalText): SearchJournal {
  const { trials, attributes } = replay(text.operations, space, path)
  checkPoints(trials, space, path)
  return over(JournalWriter.reopen(path, text), space, [...trials], attributes[ENDED])
}

/** A journal that is kept nowhere, for searches that need no record. */
export function memoryJournal(space: OpenSpace): SearchJournal {
  return over({ append: () => {}, close: () => {} }, space, [])
}

function over(
  writer: Pick<JournalWriter, 'append' | 'close'>,
  space: OpenSpace,
  trials: Trial[],
  ended?: Json,
): SearchJournal {
  const { parameters } = space.space
  const distributions = Object.fromEntries(
    Object.entries(parameters).map(([name, domain]) => [name, distributionOf(domain)]),
  )
  const now = () => datetime(new Date())
  const setState = (trial: Trial, state: State, values: readonly number[] | null) => {
    trial.state = state
    return { op_code: OP.setTrialStateValues, trial_id: trial.number, state: STATE[state], values }
  }
  const parameterOperation = ({ number }: Trial, name: string, value: Scalar) => ({
    op_code: OP.setTrialParam,
    trial_id: number,
    param_name: name,
    param_value_internal: internalOf(parameters[name], value),
    distribution: distributions[name],
  })
  return {
    trials,
    begin(point) {
      const names = Object.keys(point)
      const start = now()
      writer.append({
        op_code: OP.createTrial,
        study_id: 0,
        datetime_start: start,
        state: STATE.running,
        params: Object.fromEntries(names.map((name) => [name, internalOf(parameters[name], point[name])])),
        distributions: Object.fromEntries(names.map((name) => [name, distributions[name]])),
        user_attrs: {},
        system_attrs: {},
      })
      const trial: Trial = {
        number: trials.length,
        point,
        state: 'running',
        value: undefined,
        steps: [],
        values: [],
        attributes: {},
        start,
        end: undefined,
      }
      trials.push(trial)
      return trial
    },
    report(trial, step, value) {
      if (placeOf(trial, step).isKnown) return
      writer.append({
        op_code: OP.setTrialIntermediateValue,
        trial_id: trial.number,
        step,
        intermediate_value: value,
      })
      record(trial, step, value)
    },
    set(trial, attributes) {
      Object.assign(trial.attributes, attributes)
      writer.append(...attributeOperations(trial, attributes))
    },
    mark(trial, state) {
      if (trial.isEnqueued && state === 'running') {
        writer.append(
          ...Object.entries(trial.point).map(([name, value]) => parameterOperation(trial, name, value)),
        )
        delete trial.isEnqueued
      }
      writer.append({
        ...setState(trial, state, null),
        ...(state === 'running' ? { datetime_start: now() } : {}),
      })
    },
    finish(trial, state, value, attributes) {
      Object.assign(trial.attributes, attributes)
      trial.value = value
      trial.end = now()
      writer.append(...attributeOperations(trial, attributes), {
        ...setState(trial, state, value === undefined ? null : [value]),
        datetime_complete: trial.end,
      })
    },
    end(reason, count) {
      const end = { reason, trials: count }
      if (isDeepStrictEqual(end, ended)) return
      writer.append({ op_code: OP.setStudyUserAttr, study_id: 0, user_attr: { [ENDED]: end } })
      ended = end
    },
    close: () => writer.close(),
  }
}

const attributeOperations = ({ number }: Trial, attributes: Attributes) =>
  Object.entries(attributes).map(([name, value]) => ({
    op_code: OP.setTrialUserAttr,
    trial_id: number,
    user_attr: { [name]: value },
  }))
