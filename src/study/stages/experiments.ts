import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { parse } from '../../base/parse.ts'
import { auditRecord } from '../../experiments/audit/record.ts'
import { type AuditEvent, audit } from '../../experiments/audit/run.ts'
import { doubledSoftmaxRecord } from '../../experiments/doubled-softmax/record.ts'
import { doubledSoftmax } from '../../experiments/doubled-softmax/run.ts'
import { insightRecord } from '../../experiments/insight/record.ts'
import { insight } from '../../experiments/insight/run.ts'
import { lab } from '../../experiments/lab.ts'
import { labRecord } from '../../experiments/lab-record.ts'
import type { ExperimentEvent } from '../../experiments/laboratory.ts'
import { writeWhole } from '../../record/files.ts'
import { parseStudyJson } from '../../record/study-json.ts'
import type { StageOf } from '../plan.ts'
import type { StageStream, StudyEvent, StudyRequest } from './stage.ts'

/** Where a stage keeps its record. */
const pathOf = ({ directory }: StudyRequest, name: string) => join(directory, 'stages', `${name}.json`)

const keep = (request: StudyRequest, name: string, record: unknown) =>
  writeWhole(pathOf(request, name), `${JSON.stringify(record)}\n`)

/** The record that a study which goes on has of a stage; undefined where there is none. */
async function* recall<T>(
  request: StudyRequest,
  name: string,
  schema: z.ZodType<T>,
): AsyncGenerator<StudyEvent, T | undefined, undefined> {
  const path = pathOf(request, name)
  const known = request.resume ? await readFile(path, 'utf8').catch(() => undefined) : undefined
  if (known === undefined) return undefined
  yield { type: 'known', name }
  return parse(schema, parseStudyJson(known, path), path)
}

/** An experiment's record: the one that the study's directory holds, or a new one; undefined where it was cut. */
async function* remembered<T>(
  request: StudyRequest,
  name: string,
  schema: z.ZodType<T>,
  experiment: () => AsyncGenerator<ExperimentEvent | AuditEvent, T | undefined, undefined>,
): AsyncGenerator<StudyEvent, T | undefined, undefined> {
  const known = yield* recall(request, name, schema)
  if (known !== undefined) return known
  const stream = experiment()
  let last: string | undefined
  let next = await stream.next()
  while (!next.done) {
    if (next.value.type === 'comparing') yield next.value
    else {
      const { name: run, epochs, event } = next.value
      if (run !== last) yield { type: 'network', name: run, epochs }
      last = run
      yield { type: 'run', name: run, event }
    }
    next = await stream.next()
  }
  if (next.value !== undefined) await keep(request, name, next.value)
  return next.value
}

const laboratoryOf = ({ data, engine, command, signal, directory }: StudyRequest, name: string) => ({
  data,
  engine,
  command,
  signal,
  directory: join(directory, 'stages', name),
})

/** The initialization lab. */
export async function* labStage(request: StudyRequest, stage: StageOf<'lab'>): StageStream {
  const laboratory = laboratoryOf(request, stage.name)
  const record = yield* remembered(request, stage.name, labRecord, () => lab(stage.settings, laboratory))
  return record === undefined ? { interrupted: true } : { lab: record }
}

/** What softmax applied twice does. */
export async function* doubledSoftmaxStage(
  request: StudyRequest,
  stage: StageOf<'doubled-softmax'>,
): StageStream {
  const laboratory = laboratoryOf(request, stage.name)
  const record = yield* remembered(request, stage.name, doubledSoftmaxRecord, () =>
    doubledSoftmax(stage.settings, laboratory),
  )
  return record === undefined ? { interrupted: true } : { doubledSoftmax: record }
}

/** Images that are in the set twice, and labels that are probably wrong. */
export async function* auditStage(request: StudyRequest, stage: StageOf<'audit'>): StageStream {
  const { data, engine, signal } = request
  const record = yield* remembered(request, stage.name, auditRecord, async function* () {
    return (yield* audit(stage.settings, { data, engine, signal }))?.record
  })
  return record === undefined ? { interrupted: true } : { audit: record }
}

/** What some networks look at, and what they hold. */
export async function* insightStage(request: StudyRequest, stage: StageOf<'insight'>): StageStream {
  const { data, engine, signal, plan, directory } = request
  const runs = plan.stages.flatMap((each) => (each.kind === 'networks' ? each.runs : []))
  const networks = stage.settings.networks.map((name) => ({
    name,
    title: runs.find((run) => run.name === name)?.title ?? name,
    directory: join(directory, 'networks', name),
  }))
  const record =
    (yield* recall(request, stage.name, insightRecord)) ??
    (await insight(stage.settings, { data, engine, networks, signal }))
  if (record !== undefined) await keep(request, stage.name, record)
  return { ...(record && { insight: record }), interrupted: signal?.aborted === true }
}
