import { join } from 'node:path'
import { z } from 'zod'
import { parse } from '../../base/parse.ts'
import { readPlainFile } from '../../base/plain-file.ts'
import type { Laboratory } from '../../experiments/experiment.ts'
import { findExperiment } from '../../experiments/index.ts'
import { decodeRecord, encodeRecord } from '../../record/checksum.ts'
import { writeWhole } from '../../record/files.ts'
import { type ExperimentStage, runNames } from '../plan.ts'
import { experimentRecord } from '../record.ts'
import { labName, upgradeStageRecord } from '../version-1.ts'
import type { StageStream, StudyRequest } from './stage.ts'

/** Where a stage keeps its record. */
const pathOf = ({ directory }: StudyRequest, name: string) => join(directory, 'stages', `${name}.json`)

const stageFile = z.object({ schemaVersion: z.literal(2), kind: z.string(), record: z.unknown() })

const readBytes = (path: string) => readPlainFile(path).catch(() => undefined)

/** The record that a study which goes on has of a stage; undefined where there is none. */
async function recall(request: StudyRequest, { kind, name }: ExperimentStage) {
  if (!request.resume) return undefined
  const lab = labName(name)
  for (const path of [name, ...(lab === undefined ? [] : [lab])].map((each) => pathOf(request, each))) {
    const bytes = await readBytes(path)
    if (bytes === undefined) continue
    const { value: written } = decodeRecord(bytes, path)
    const current = stageFile.safeParse(written)
    if (current.success && current.data.kind !== kind) continue // a lab's first half, written since it was parted
    const record = current.success ? current.data.record : upgradeStageRecord(kind, written)
    return parse(experimentRecord, { kind, name, record }, path)
  }
  return undefined
}

const laboratoryOf = (request: StudyRequest, name: string): Laboratory => {
  const { plan, directory, data, engine, command, signal } = request
  const planned = plan.stages.flatMap((each) => (each.kind === 'networks' ? each.runs : []))
  const runs = planned.flatMap((run) =>
    runNames(run).map((each) => ({
      name: each,
      title: run.title,
      directory: join(directory, 'networks', each),
    })),
  )
  return { data, engine, command, signal, runs, directory: join(directory, 'stages', name) }
}

/** An experiment: the record that the study's directory holds of it, or a new one. */
export async function* experimentStage(request: StudyRequest, stage: ExperimentStage): StageStream {
  const { kind, name } = stage
  const known = await recall(request, stage)
  if (known !== undefined) {
    yield { type: 'known', name }
    return { experiments: [known] }
  }
  const experiment = findExperiment(kind)
  if (experiment === undefined) throw new Error(`There is no experiment "${kind}".`)
  const stream = experiment.run(stage.settings, laboratoryOf(request, name))
  let last: string | undefined
  let next = await stream.next()
  for (; !next.done; next = await stream.next()) {
    const event = next.value
    if (event.type === 'work') yield event
    else {
      if (event.name !== last) yield { type: 'network', name: event.name, epochs: event.epochs }
      last = event.name
      yield { type: 'run', name: event.name, event: event.event }
    }
  }
  if (next.value === undefined) return { interrupted: request.signal?.aborted === true }
  const found = parse(experimentRecord, { kind, name, record: next.value }, name)
  await writeWhole(pathOf(request, name), encodeRecord({ schemaVersion: 2, ...found }))
  return { experiments: [found] }
}
