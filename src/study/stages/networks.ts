import { join } from 'node:path'
import { network } from '../../model/named.ts'
import { unitInterval } from '../../model/network.ts'
import type { SettingsRecord } from '../../record/manifest.ts'
import type { NetworkRecord } from '../../record/study.ts'
import { recordOrResume } from '../begun-run.ts'
import { describeNetwork } from '../describe.ts'
import type { RunPlan, StageOf, StudyPlan } from '../plan.ts'
import { evaluateRun } from '../recorded-run.ts'
import type { StageStream, StudyEvent, StudyRequest } from './stage.ts'

function settingsOf(plan: StudyPlan, { epochs, loss, patience }: RunPlan): SettingsRecord {
  const { batch, learningRate, momentum, seed } = plan
  return {
    epochs,
    batch,
    seed,
    optimizer: { kind: 'sgd', learningRate, momentum, nesterov: true },
    loss,
    preprocessing: unitInterval,
    monitor: 'val-loss',
    ...(patience === undefined ? {} : { earlyStopping: { patience, minDelta: 0 } }),
  }
}

/** A run of the plan: new, or the one that the directory holds. */
function openRun(request: StudyRequest, plan: RunPlan, directory: string) {
  const { data, engine, signal, command } = request
  const { height, width, channels } = data.dataset.train
  const model = network(plan.network, {
    imageShape: [height, width, channels],
    classes: data.dataset.classNames.length,
    dropout: plan.dropout,
  })
  const settings = settingsOf(request.plan, plan)
  return recordOrResume({ directory, name: plan.name, command, data, model, settings, engine, signal })
}

/** Networks that are trained, tested and compared one after another. */
export async function* networksStage(request: StudyRequest, stage: StageOf<'networks'>): StageStream {
  const networks: NetworkRecord[] = []
  for (const run of stage.runs) {
    const done = yield* trainAndTest(request, run, stage.name)
    if (done === undefined) return { networks, interrupted: true }
    networks.push(done)
  }
  return { networks }
}

/** One network from its first step to its test; undefined where it was interrupted. */
async function* trainAndTest(
  request: StudyRequest,
  plan: RunPlan,
  stage: string,
): AsyncGenerator<StudyEvent, NetworkRecord | undefined, undefined> {
  const { data, engine } = request
  const { name, title, epochs } = plan
  const directory = join(request.directory, 'networks', name)
  yield { type: 'network', name, epochs }
  const stream = openRun(request, plan, directory)
  let next = await stream.next()
  while (!next.done) {
    yield { type: 'run', name, event: next.value }
    next = await stream.next()
  }
  const run = next.value
  const { manifest, result } = run
  if (result.status === 'interrupted') return undefined
  const { test } =
    result.status === 'diverged'
      ? { test: undefined }
      : await evaluateRun({ directory, manifest }, data, engine)
  if (test) yield { type: 'tested', name, loss: test.evaluation.loss, accuracy: test.evaluation.accuracy }
  const described = describeNetwork(title, `networks/${name}`, run, test)
  return { ...described, name, stage, ...(plan.reference && { reference: plan.reference }) }
}
