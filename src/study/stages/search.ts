import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defaultThreads } from '../../engine/choose.ts'
import { evaluateRun } from '../../runs/evaluate-run.ts'
import { readRun } from '../../runs/run.ts'
import { readSearch } from '../../search/read-search.ts'
import { countTrials, type SearchRequest } from '../../search/request.ts'
import { runSearch } from '../../search/run.ts'
import { parsePruner } from '../../tuning/pruners/index.ts'
import { LAG } from '../../tuning/search.ts'
import { describeNetwork } from '../describe.ts'
import type { StageOf } from '../plan.ts'
import type { NetworkRecord } from '../record.ts'
import type { StageStream, StudyRequest } from './stage.ts'

async function searchRequest(request: StudyRequest, stage: StageOf<'search'>): Promise<SearchRequest> {
  const { data, engine, command, signal } = request
  const directory = join(request.directory, 'searches', stage.name)
  return {
    metric: 'val-accuracy',
    monitor: 'val-loss',
    epochs: stage.epochs,
    earlyStopping: stage.patience,
    seed: request.plan.seed,
    schedule: request.plan.schedule,
    repeats: 1,
    spaceText: stage.space,
    definition: await readSearch(stage.space),
    directory,
    command,
    data,
    engine: { ...engine, threads: 1 },
    sampler: stage.sampler,
    pruner: parsePruner(stage.pruner, `${stage.name}.pruner`),
    workers: defaultThreads(),
    lag: LAG,
    howMany: stage.trials === undefined ? { fraction: stage.fraction ?? 1 } : { trials: stage.trials },
    limits: { seconds: undefined, target: undefined, patience: undefined },
    resume: existsSync(directory),
    signal,
  }
}

/** A search for the best network of a family, and its winner among the networks of the study. */
export async function* searchStage(request: StudyRequest, stage: StageOf<'search'>): StageStream {
  const wanted = await searchRequest(request, stage)
  yield { type: 'search', name: stage.name, trials: countTrials(wanted) }
  const stream = runSearch(wanted)
  let next = await stream.next()
  while (!next.done) {
    yield { type: 'trial', event: next.value }
    next = await stream.next()
  }
  const { record, interrupted } = next.value
  if (interrupted || record.best === undefined) return { interrupted }
  const search = { name: stage.name, title: stage.title, note: stage.note, search: record }
  const winner = await describeWinner(request, stage, join(wanted.directory, record.best.run))
  yield { type: 'tested', name: winner.name, loss: winner.test!.loss, accuracy: winner.test!.accuracy }
  return { search, networks: [winner] }
}

/** The best trial as a network like the others. */
async function describeWinner(
  { data, engine, directory }: StudyRequest,
  stage: StageOf<'search'>,
  run: string,
): Promise<NetworkRecord> {
  const recorded = await readRun(run)
  const { test } = await evaluateRun(recorded, data, engine)
  const result = { status: 'finished' as const, bestEpoch: 0, weights: [] }
  const described = describeNetwork(
    stage.winner,
    run.slice(directory.length + 1),
    { ...recorded, result },
    test,
  )
  return { ...described, name: stage.name, stage: stage.name }
}
