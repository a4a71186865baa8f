import { InputError } from '../../base/errors.ts'
import type { Point } from '../constraints.ts'
import { isIn, type Scalar } from '../domain.ts'
import type { OpenSpace } from '../open-space.ts'
import { externalOf } from './distributions.ts'
import {
  type Attributes,
  isFinished,
  type Json,
  OP,
  type Operation,
  SETTINGS,
  stateOf,
} from './operations.ts'
import type { Trial } from './trial.ts'

/** The attribute that says why the search stopped, and how many trials count. */
export const ENDED = 'atelier_ended'

/** What a journal amounts to. */
export interface Replayed {
  readonly studyName: string
  readonly attributes: Readonly<Record<string, Json>>
  readonly trials: readonly Trial[]
}

/** The study that a journal holds, without its trials; refuses journals of others. */
export function studyOf(operations: readonly Operation[], at: string) {
  const foreign = (received: string) =>
    new InputError({
      at,
      expected: 'a journal that `atelier tune` wrote',
      received,
      hint: 'Choose another --out.',
    })
  const first = operations[0]
  if (first === undefined) throw foreign('an empty one')
  if (first.op_code !== OP.createStudy) throw foreign('one that does not begin with a study')
  if (operations.some((op, i) => i > 0 && op.op_code === OP.createStudy))
    throw foreign('one of several studies')
  if (operations.some((op) => op.op_code === OP.deleteStudy)) throw foreign('one whose study was deleted')
  const attributes: Record<string, Json> = {}
  for (const op of operations) {
    if (op.op_code === OP.setStudyUserAttr && op.study_id === 0) Object.assign(attributes, op.user_attr)
  }
  if (!(SETTINGS in attributes)) throw foreign(`another program's study "${first.study_name}"`)
  return { studyName: first.study_name, attributes: attributes as Attributes }
}

/** Replays the operations of a search in a space. Finished trials are never changed, as Optuna's storage has it. */
export function replay(operations: readonly Operation[], space: OpenSpace, at: string): Replayed {
  const trials: Trial[] = []
  const open = (number: number) => {
    const trial = trials[number]
    return trial === undefined || isFinished(trial.state) ? undefined : trial
  }
  for (const op of operations) {
    switch (op.op_code) {
      case OP.createTrial:
        trials.push(createTrial(op, trials.length, space, at))
        break
      case OP.setTrialParam: {
        const trial = open(op.trial_id)
        if (trial && Object.hasOwn(space.space.parameters, op.param_name)) {
          const values = pointFrom({ [op.param_name]: op.param_value_internal }, space, trial.number, at)
          Object.assign(trial.point, values)
        }
        break
      }
      case OP.setTrialStateValues: {
        const trial = open(op.trial_id)
        if (trial === undefined) break
        trial.state = stateOf(op.state) ?? trial.state
        if (isFinished(trial.state)) trial.end = op.datetime_complete ?? undefined
        if (op.values) trial.value = op.values[0]
        break
      }
      case OP.setTrialIntermediateValue: {
        const trial = open(op.trial_id)
        if (trial && op.intermediate_value !== null) record(trial, op.step, op.intermediate_value)
        break
      }
      case OP.setTrialUserAttr:
        Object.assign(open(op.trial_id)?.attributes ?? {}, op.user_attr)
        break
      default:
        break // studies were looked at before; system attributes are for other programs
    }
  }
  return { ...studyOf(operations, at), trials }
}

/** The place of a step among those of a trial that were reported: where it stands, or would stand. */
export function placeOf(
  { steps }: Trial,
  step: number,
): { readonly place: number; readonly isKnown: boolean } {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (steps[middle] < step) low = middle + 1
    else high = middle
  }
  return { place: low, isKnown: steps[low] === step }
}

/** Notes a report in a trial, at its place. */
export function record(trial: Trial, step: number, value: number): void {
  const { place, isKnown } = placeOf(trial, step)
  trial.steps.splice(place, isKnown ? 1 : 0, step)
  trial.values.splice(place, isKnown ? 1 : 0, value)
}

/** The values of some parameters, from Optuna's form of them; throws where one is none of the parameter's. */
function pointFrom(
  params: Readonly<Record<string, number>>,
  { space }: OpenSpace,
  trial: number,
  at: string,
): Record<string, Scalar> {
  const values = Object.entries(params).map(([name, internal]) => {
    const domain = Object.hasOwn(space.parameters, name) ? space.parameters[name] : undefined
    const value = domain && externalOf(domain, internal)
    if (domain !== undefined && isIn(domain, value)) return [name, value]
    throw new InputError({
      at: `${at}: trial ${trial}`,
      expected: `values of the space ${space.name}`,
      received: `${name} = ${internal}`,
    })
  })
  return Object.fromEntries(values) as Record<string, Scalar>
}

/** The values that Optuna's `enqueue_trial` gives a trial which waits; undefined where it has its parameters, or none. */
function enqueuedPoint({ params, system_attrs }: Extract<Operation, { op_code: 4 }>) {
  const fixed = system_attrs?.fixed_params
  const isMissing = Object.keys(params ?? {}).length === 0
  return isMissing && typeof fixed === 'object' && fixed !== null
    ? (fixed as Record<string, Scalar>)
    : undefined
}

function createTrial(
  op: Extract<Operation, { op_code: 4 }>,
  number: number,
  space: OpenSpace,
  at: string,
): Trial {
  const fixed = enqueuedPoint(op)
  const point = { ...pointFrom(op.params ?? {}, space, number, at), ...fixed }
  return {
    number,
    point: point as Point,
    state: stateOf(op.state ?? 0) ?? 'running',
    value: op.value ?? op.values?.[0] ?? undefined,
    steps: [],
    values: [],
    attributes: { ...op.user_attrs },
    start: op.datetime_start ?? '',
    ...(fixed && { isEnqueued: true }),
    end: op.datetime_complete ?? undefined,
  }
}
