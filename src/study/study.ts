import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { makeDirectory } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { judgeBalance } from '../data/explore.ts'
import { decodeRecord, encodeRecord } from '../record/checksum.ts'
import { trainingCounts } from '../record/dataset.ts'
import { environment } from '../record/environment.ts'
import { exists, MOST_TEXT, makeFresh, readNamed, writeWhole } from '../record/files.ts'
import { type Lock, takeLock } from '../record/lock.ts'
import { checkPlanOn } from './check-plan-on.ts'
import { compareNetworks } from './compare-networks.ts'
import { describeDataset } from './describe.ts'
import { type Stage, stages, studyPlan } from './plan.ts'
import type { StudyRecord } from './record.ts'
import { runStage } from './stages/index.ts'
import type { StageResult, StudyEvent, StudyRequest } from './stages/stage.ts'
import { upgradeStages } from './version-1.ts'

export type { StudyEvent, StudyRequest } from './stages/stage.ts'

/** How a study ended: the record as far as it came. */
export interface StudyResult {
  readonly record: StudyRecord | undefined
  readonly interrupted: boolean
}

/** What must be the same for a study to go on. */
const PLAN_FILE = 'plan.json'
/** There while a process writes the study. */
const LOCK_FILE = 'study.lock'

/**
 * Makes the study's directory, or finds it as it was left; refuses to go on with another study, and where somebody runs
 * it. Returns the lock that keeps others out.
 */
async function openDirectory(request: StudyRequest): Promise<Lock> {
  const { directory, resume } = request
  if (!(resume && (await exists(directory)))) {
    await makeFresh(directory, 'Choose another --out, remove it, or resume it with --resume.')
  }
  const lock = await takeLock(join(directory, LOCK_FILE), 'a study')
  try {
    await writePlan(request)
    for (const part of ['networks', 'stages', 'searches']) await makeDirectory(join(directory, part))
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

async function writePlan({ directory, plan, data, engine }: StudyRequest): Promise<void> {
  const path = join(directory, PLAN_FILE)
  const identity = {
    plan,
    dataHash: data.dataset.hash,
    splitHash: data.split.hash,
    arithmetic: engine.arithmetic,
  }
  const before = (await isBare(directory)) ? [] : await checkContinues(path, identity)
  const names = new Set(plan.stages.map(({ name }) => name))
  const leftOut = before.filter(({ name }) => !names.has(name))
  const written = { schemaVersion: 2, ...identity, ...(leftOut.length > 0 && { leftOut }) }
  await writeWhole(path, encodeRecord(written, 2))
}

/** Whether a study was killed here before its plan was written whole. */
const isBare = async (directory: string) =>
  (await readdir(directory)).every((name) => name.startsWith(`${PLAN_FILE}.`) || name.startsWith(LOCK_FILE))

const identityRecord = z.object({
  plan: studyPlan,
  dataHash: z.string(),
  splitHash: z.string(),
  arithmetic: z.string(),
})
const planFile = identityRecord.extend({
  /** Stages that the study had once, whose records lie there still: where they come back, it is as they were. */
  leftOut: z.preprocess(upgradeStages, stages).optional(),
})

/**
 * A study goes on with the same data, arithmetic and settings, and with the stages that it had as they were. Stages may be
 * added and left out, and what is said of it may be said anew: none of that makes a run that is recorded another one.
 * Returns all stages that it ever had.
 */
async function checkContinues(path: string, wanted: z.infer<typeof identityRecord>): Promise<Stage[]> {
  const now = JSON.parse(JSON.stringify(wanted)) as typeof wanted // as it would be written: without what is undefined
  const { value } = decodeRecord(
    await readNamed(path, 'the plan of a study to go on with', { mostBytes: MOST_TEXT }),
    path,
  )
  const { leftOut = [], ...before } = parse(planFile, value, path)
  const stages = [...before.plan.stages, ...leftOut]
  const hint = 'Choose another --out, or the plan and data that it was started with.'
  const settings = ({ plan, ...rest }: typeof now) => {
    const { stages: _, title: __, note: ___, profile: ____, ...how } = plan
    return { ...how, ...rest }
  }
  if (!isDeepStrictEqual(settings(before), settings(now))) {
    const expected = 'a study of the same settings, data and arithmetic'
    throw new InputError({ at: dirname(path), expected, received: 'another one', hint })
  }
  for (const stage of now.plan.stages) {
    const was = stages.find(({ name }) => name === stage.name)
    if (was !== undefined && !isDeepStrictEqual(...both(was, stage, now.plan.seed))) {
      const expected = `the stage "${stage.name}" as it was begun`
      throw new InputError({ at: dirname(path), expected, received: 'another one of that name', hint })
    }
  }
  return stages
}

/** Two stages as far as they decide what is trained. Of a network's seeds only the first, after which there may be others. */
const both = (a: Stage, b: Stage, seed: number) =>
  [a, b].map(({ title: _, ...stage }) => {
    if (stage.kind === 'search') return { ...stage, winner: '', note: '' }
    if (stage.kind !== 'networks') return stage
    const runs = stage.runs.map(({ title: _, aim: __, reference: ___, ...run }) => ({
      ...run,
      seeds: [run.seeds?.[0] ?? seed],
    }))
    return { ...stage, runs }
  }) as [unknown, unknown]

/** Explores the data, then runs the stages of a plan one after another, and writes `study.json`. */
export async function* study(request: StudyRequest): AsyncGenerator<StudyEvent, StudyResult, undefined> {
  await checkPlanOn(request.plan, request.data)
  const lock = await openDirectory(request)
  try {
    return yield* runStages(request)
  } finally {
    lock.release()
  }
}

async function* runStages(request: StudyRequest): AsyncGenerator<StudyEvent, StudyResult, undefined> {
  const { plan, data } = request
  const dataset = describeDataset(data, request.isSubstitute)
  yield { type: 'explored', balance: judgeBalance(trainingCounts(dataset)).verdict }
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
  const searches = results.flatMap(({ search }) => search ?? [])
  const comparison = await compareNetworks(request.directory, networks)
  const record: StudyRecord = {
    ...headOf(request),
    dataset,
    networks,
    experiments: results.flatMap((result) => result.experiments ?? []),
    ...(searches.length > 0 && { searches }),
    ...(comparison && { comparison }),
  }
  await writeWhole(join(request.directory, 'study.json'), encodeRecord(record))
  return { record, interrupted }
}

function headOf({ plan, data, command, engine }: StudyRequest) {
  const { backend, arithmetic, threads } = engine
  return {
    schemaVersion: 2 as const,
    title: `${plan.title}: ${data.dataset.title}`,
    createdAt: new Date().toISOString(),
    command,
    profile: plan.profile,
    note: plan.note,
    environment: environment(),
    engine: { backend: backend.name, variant: backend.variant, arithmetic, threads },
  }
}
