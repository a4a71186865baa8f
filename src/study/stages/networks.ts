import { join } from 'node:path'
import { split } from '../../data/split.ts'
import { networkOf } from '../../experiments/network-of.ts'
import { isReferenceData } from '../../experiments/reference.ts'
import type { RecipeInput } from '../../recipe/settings.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import { recordOrResume } from '../../runs/begun-run.ts'
import { evaluateRun } from '../../runs/evaluate-run.ts'
import type { SplitDataset } from '../../runs/recorded-run.ts'
import { describeNetwork } from '../describe.ts'
import { type RunPlan, runNames, type StageOf, type StudyPlan } from '../plan.ts'
import type { NetworkRecord, SeedRecord } from '../record.ts'
import type { StageStream, StudyEvent, StudyRequest } from './stage.ts'

/** One training of a network: its run's name, and its seed. */
interface Training {
  readonly name: string
  readonly seed: number
}

/** How a run of a plan is trained. */
export function settingsOf(
  plan: StudyPlan,
  { epochs, loss, patience, recipe }: RunPlan,
  seed: number,
): RecipeInput {
  const { batch, learningRate, momentum, schedule } = plan
  return {
    epochs,
    batch,
    seed,
    optimizer: { kind: 'sgd', learningRate, momentum, nesterov: true },
    schedule,
    loss,
    ...(patience === undefined ? {} : { earlyStopping: { patience } }),
    ...recipe,
  }
}

/** The study's data, split anew where a run validates on another share. */
function dataOf({ data }: StudyRequest, { validation }: RunPlan): SplitDataset {
  if (validation === undefined) return data
  const splitOptions = { ...data.splitOptions, validation }
  return { ...data, split: split(data.dataset.train, splitOptions), splitOptions }
}

/** A run of the plan: new, or the one that the directory holds. */
function openRun(
  request: StudyRequest,
  plan: RunPlan,
  { name, seed, data, directory }: Training & { readonly data: SplitDataset; readonly directory: string },
) {
  const { engine, signal, command } = request
  const model = networkOf(plan.network, { ...sizesOf(data.dataset), dropout: plan.dropout })
  const settings = settingsOf(request.plan, plan, seed)
  const wanted = { directory, name, command, data, model, settings, engine, signal }
  return recordOrResume({ ...wanted, calibrate: false }) // the test that follows does it
}

/** Networks that are trained, tested and compared one after another. */
export async function* networksStage(request: StudyRequest, stage: StageOf<'networks'>): StageStream {
  const networks: NetworkRecord[] = []
  for (const plan of stage.runs) {
    const { network, interrupted } = yield* overSeeds(request, plan)
    if (network !== undefined)
      networks.push({ ...network, stage: stage.name, ...meantBy(plan, request.data.dataset) })
    if (interrupted) return { networks, interrupted }
  }
  return { networks }
}

/** What a plan says of a network beside how it is trained; what it is measured by holds for the reference's data alone. */
const meantBy = ({ reference, recipe, aim }: RunPlan, dataset: { readonly hash: string }) => ({
  ...(recipe && { recipe: true }),
  ...(isReferenceData(dataset) && { ...(reference && { reference }), ...(aim !== undefined && { aim }) }),
})

/** What is known of a network, and whether it was cut before all its seeds were done. */
interface Trained {
  readonly network: NetworkRecord | undefined
  readonly interrupted: boolean
}

/** A network trained once with each of its seeds: the first is described in full, the others by their figures. */
async function* overSeeds(
  request: StudyRequest,
  plan: RunPlan,
): AsyncGenerator<StudyEvent, Trained, undefined> {
  const { seeds = [request.plan.seed] } = plan
  const names = runNames(plan)
  const trained: NetworkRecord[] = []
  const together = (interrupted: boolean): Trained => {
    const [first] = trained
    if (first === undefined || trained.length < 2) return { network: first, interrupted }
    return { network: { ...first, seeds: trained.map((run, i) => seedRecordOf(run, seeds[i])) }, interrupted }
  }
  for (const [i, seed] of seeds.entries()) {
    const one = yield* trainAndTest(request, plan, { name: names[i], seed })
    if (one === undefined) return together(true)
    trained.push({ ...one, name: plan.name })
  }
  return together(false)
}

const seedRecordOf = (
  { run, test, seconds, threads, weightsHash }: NetworkRecord,
  seed: number,
): SeedRecord => ({
  seed,
  run,
  test: test && { loss: test.loss, accuracy: test.accuracy },
  seconds,
  threads,
  weightsHash,
})

/** One network from its first step to its test; undefined where it was interrupted. */
async function* trainAndTest(
  request: StudyRequest,
  plan: RunPlan,
  { name, seed }: Training,
): AsyncGenerator<StudyEvent, NetworkRecord | undefined, undefined> {
  const { engine } = request
  const data = dataOf(request, plan)
  const directory = join(request.directory, 'networks', name)
  yield { type: 'network', name, epochs: plan.epochs }
  const stream = openRun(request, plan, { name, seed, data, directory })
  let next = await stream.next()
  while (!next.done) {
    yield { type: 'run', name, event: next.value }
    next = await stream.next()
  }
  const run = next.value
  const { result } = run
  if (result.status === 'interrupted') return undefined
  const { test } = result.status === 'diverged' ? { test: undefined } : await evaluateRun(run, data, engine)
  if (test) yield { type: 'tested', name, loss: test.evaluation.loss, accuracy: test.evaluation.accuracy }
  return describeNetwork(plan.title, `networks/${name}`, run, test)
}
