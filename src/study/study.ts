import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { environment } from '../record/environment.ts'
import { makeFresh, readNamed, writeWhole } from '../record/files.ts'
import { parseJson } from '../record/run.ts'
import type { StudyRecord } from '../record/study.ts'
import { describeDataset, describeEnvironment } from './describe.ts'
import type { StudyPlan } from './plan.ts'
import { runStage } from './stages/index.ts'
import type { StageResult, StudyEvent, StudyRequest } from './stages/stage.ts'

export type { StudyEvent, StudyRequest } from './stages/stage.ts'

/** How a study ended: the record as far as it came. */
export interface StudyResult {
  readonly record: StudyRecord | undefined
  readonly interrupted: boolean
}

/** What must be the same for a study to go on. */
const PLAN_FILE = 'plan.json'

/** Makes the study's directory, or finds it as it was left; refuses to go on with another study. */
async function openDirectory({ directory, resume, plan, data, engine }: StudyRequest): Promise<void> {
  const path = join(directory, PLAN_FILE)
  const identity = {
    plan,
    dataHash: data.dataset.hash,
    splitHash: data.split.hash,
    arithmetic: engine.arithmetic,
  }
  const content = `${JSON.stringify(identity, null, 2)}\n`
  if (!resume) {
    await makeFresh(directory, 'Choose another --out, remove it, or go on with --resume.')
    for (const part of ['networks', 'stages', 'searches']) await mkdir(join(directory, part))
    await writeWhole(path, content)
    return
  }
  const found = (await readNamed(path, 'the plan of a study to go on with')).toString()
  if (found === content) return
  if (withoutMoreSeeds(parseJson(found, path), plan) !== withoutMoreSeeds(identity, plan)) {
    throw new InputError({
      at: directory,
      expected: 'a study of the same plan, data and arithmetic',
      received: 'another one',
      hint: 'Choose another --out, or the profile and data that it was begun with.',
    })
  }
  await writeWhole(path, content)
}

/** What may not change while a study goes on: all but the seeds after a network's first, which may be more or fewer. */
const withoutMoreSeeds = (identity: unknown, { seed }: StudyPlan) =>
  JSON.stringify(identity, (name, value) => {
    if (name !== 'seeds' || !Array.isArray(value)) return value
    return value[0] === seed ? undefined : value.slice(0, 1)
  })

/** Explores the data, then runs the stages of a plan one after another, and writes `study.json`. */
export async function* study(request: StudyRequest): AsyncGenerator<StudyEvent, StudyResult, undefined> {
  const { plan, data } = request
  await openDirectory(request)
  const dataset = describeDataset(data, request.isSubstitute)
  yield { type: 'explored', balance: dataset.balance }
  const results: StageResult[] = []
  for (const [i, stage] of plan.stages.entries()) {
    yield { type: 'stage', title: stage.title, number: i + 1, of: plan.stages.length }
    const result = yield* runStage(request, stage)
    results.push(result)
    if (result.interrupted) break
  }
  const interrupted = results.some((result) => result.interrupted === true)
  const networks = results.flatMap((result) => result.networks ?? [])
  if (networks.length === 0) return { record: undefined, interrupted }
  const record: StudyRecord = { ...headOf(request), dataset, networks, ...experimentsOf(results) }
  await writeWhole(join(request.directory, 'study.json'), `${JSON.stringify(record)}\n`)
  return { record, interrupted }
}

function headOf({ plan, data, command, engine }: StudyRequest) {
  const { backend, arithmetic, threads } = engine
  const described = { backend: backend.name, variant: backend.variant, arithmetic, threads }
  return {
    schemaVersion: 1 as const,
    title: `${plan.title}: ${data.dataset.title}`,
    createdAt: new Date().toISOString(),
    command,
    profile: plan.profile,
    note: plan.note,
    environment: describeEnvironment(environment(), described),
  }
}

/** What the stages found beside networks. */
function experimentsOf(results: readonly StageResult[]) {
  const lab = results.find((result) => result.lab)?.lab
  const doubledSoftmax = results.find((result) => result.doubledSoftmax)?.doubledSoftmax
  const searches = results.flatMap(({ search }) => search ?? [])
  return {
    ...(lab && { lab }),
    ...(doubledSoftmax && { doubledSoftmax }),
    ...(searches.length > 0 && { searches }),
  }
}
