/**
 * Plans, stages and records as studies before version 2 wrote them: keys in British spelling, initialization and activations
 * as one stage called "lab", a stage's record without a head, settings as sentences, images among the figures. Everything
 * here is unknown until the schema of today has read it.
 */
import { isObject } from '../base/json.ts'
import type { Manifest } from '../record/manifest.ts'

type Json = Readonly<Record<string, unknown>>

const keys: Readonly<Record<string, string>> = {
  initialisation: 'initialization',
  initialiser: 'initializer',
  neighbours: 'neighbors',
  optimiser: 'optimizer',
}

/** The same value with every key in today's spelling. */
function respell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respell)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [keys[name] ?? name, respell(each)]))
}

/** What the second half of a lab is called. */
const ACTIVATIONS = '-activations'

/** A plan in today's form. */
export function upgradePlan(plan: unknown): unknown {
  return isObject(plan) ? { ...plan, stages: upgradeStages(plan.stages) } : plan
}

/** The stages of a plan in today's form. */
export const upgradeStages = (stages: unknown): unknown =>
  Array.isArray(stages) ? stages.flatMap(upgradeStage) : stages

/** A stage in today's form: a lab becomes two. */
function upgradeStage(stage: unknown): readonly unknown[] {
  if (!isObject(stage) || stage.kind !== 'lab') return [respell(stage)]
  const { settings = {}, ...head } = respell(stage) as Json
  const { initialization = {}, activations = {}, ...multiplication } = settings as Json
  return [
    { ...head, kind: 'initialization', settings: { ...multiplication, ...(initialization as Json) } },
    {
      ...head,
      kind: 'activations',
      name: `${head.name}${ACTIVATIONS}`,
      title: `${head.title}: activations`,
      settings: activations,
    },
  ]
}

/** The name of the file that held a stage's record, where a lab held it. */
export const labName = (name: string): string | undefined =>
  name.endsWith(ACTIVATIONS) ? name.slice(0, -ACTIVATIONS.length) : undefined

/** The record of a stage of some kind in today's form: pictures are dropped, and a lab's record is parted. */
export function upgradeStageRecord(kind: string, record: unknown): unknown {
  const now = respell(record)
  if (!isObject(now) || !('multiplication' in now)) return now
  const { multiplication, initialization, activations } = now
  if (kind === 'activations') return withInitializers(activations)
  const { optimizer, ...rest } = withInitializers(initialization) as Json
  return { ...rest, multiplication, learningRate: Number(String(optimizer).split('learning rate ')[1]) }
}

/** What a study of version 1 found by experiments, each under a key of its own. */
const formerExperiments = [
  { kind: 'initialization', key: 'lab', name: 'lab' },
  { kind: 'activations', key: 'lab', name: `lab${ACTIVATIONS}` },
  { kind: 'doubled-softmax', key: 'doubledSoftmax', name: 'doubled-softmax' },
  { kind: 'insight', key: 'insight', name: 'insight' },
  { kind: 'audit', key: 'audit', name: 'audit' },
] as const

/** The record of a study in today's form. What it kept as sentences stands as numbers in the manifests of its runs. */
export async function upgradeStudy(
  record: unknown,
  manifestOf: (run: string) => Promise<Manifest>,
): Promise<unknown> {
  if (!isObject(record) || record.schemaVersion !== 1 || !Array.isArray(record.networks)) return record
  const networks: Json[] = []
  for (const network of record.networks.filter(isObject)) {
    const { model, settings, data } = await manifestOf(String(network.run))
    const { train, validation } = data.split.counts
    const cellImages = isObject(network.cellImages) ? network.cellImages.cells : undefined
    networks.push({ ...network, model, settings, counts: { train, validation }, cellImages })
  }
  const { environment, engine } = await manifestOf(String(networks[0]?.run))
  const experiments = formerExperiments.flatMap(({ kind, key, name }) =>
    record[key] === undefined ? [] : [{ kind, name, record: upgradeStageRecord(kind, record[key]) }],
  )
  return { ...record, schemaVersion: 2, environment, engine, networks, experiments }
}

const authors: Readonly<Record<string, string>> = { He: 'he', Glorot: 'glorot', LeCun: 'lecun' }

/** How weights were begun, from the words that stood in the record. */
function initializerOf(words: string): unknown {
  const [first, second] = words.split(', ')
  if (first in authors) return `${authors[first]}-${second}`
  const numbers =
    words
      .replaceAll('−', '-')
      .match(/-?\d[\d.e-]*/g)
      ?.map(Number) ?? []
  if (first.startsWith('uniform in')) return { kind: 'uniform', low: numbers[0], high: numbers[1] }
  return first === 'normal' && numbers.length > 0 ? { kind: 'normal', std: numbers[0] } : words
}

function withInitializers(part: unknown): unknown {
  if (!isObject(part) || !Array.isArray(part.runs)) return part
  const runs = part.runs.map((run) =>
    isObject(run) ? { ...run, initializer: initializerOf(String(run.initializer)) } : run,
  )
  return { ...part, runs }
}
