import { z } from 'zod'
import { InputError, within } from '../base/errors.ts'
import type { Experiment } from '../experiments/experiment.ts'
import { type ExperimentKind, experiments, findExperiment, type SettingsOf } from '../experiments/index.ts'
import { networkOf, type PlannedNetwork, plannedNetwork } from '../experiments/network-of.ts'
import { checkOutput, resolve } from '../model/spec.ts'
import { settingCheck } from '../recipe/check.ts'
import { recipeInput } from '../recipe/recipe.ts'
import { settings } from '../recipe/settings.ts'
import { readySpaces } from '../search/read-search.ts'
import { parsePruner } from '../tuning/pruners/index.ts'
import { samplerNames } from '../tuning/samplers/index.ts'
import { upgradePlan } from './version-1.ts'

const share = z.number().min(0).lt(1)

/** One network of a stage: what it is and how it trains. What is left out is the plan's or the usual. */
export const runPlan = z.strictObject({
  /** The run's name within the study, and its directory's. */
  name: z.string().regex(/^[\w.-]+$/),
  title: z.string(),
  network: plannedNetwork,
  epochs: z.number().int().positive(),
  dropout: share.default(0),
  /** Early stopping on the validation loss after so many epochs without improvement. */
  patience: z.number().int().positive().optional(),
  /** It is trained once with each; the first run is the one whose curves and mistakes are drawn. The plan's seed alone, if left out. */
  seeds: z.array(z.number().int().nonnegative()).min(1).optional(),
  loss: settingCheck(settings.loss).default('cross-entropy'),
  /** The share of the training images that it validates on; the plan's, if left out. A settled recipe can do with less. */
  validation: z.number().gt(0).lt(1).optional(),
  /** What it does otherwise than the reference, as `train` takes it. */
  recipe: recipeInput.optional(),
  /** The test accuracy that it is meant to reach. */
  aim: share.optional(),
  /** What the reference study reports for it on the test images. */
  reference: z.strictObject({ loss: z.number(), accuracy: z.number() }).optional(),
})
export type RunPlan = z.infer<typeof runPlan>

const stageName = z.string().regex(/^[\w.-]+$/)

/** Networks that are trained one after another and compared. */
const networksStage = z.strictObject({
  kind: z.literal('networks'),
  name: stageName,
  title: z.string(),
  runs: z.array(runPlan).min(1),
})

/** A stage that asks one of the experiments: see src/experiments. */
export type ExperimentStage = {
  [K in ExperimentKind]: {
    readonly kind: K
    readonly name: string
    readonly title: string
    readonly settings: SettingsOf<K>
  }
}[ExperimentKind]

const experimentStages = experiments.map(({ kind, title, settings }: Experiment) =>
  z.strictObject({
    kind: z.literal(kind),
    name: stageName.default(kind),
    title: z.string().default(title),
    settings: settings.prefault({}), // what an experiment demands is demanded of empty settings too
  }),
)

/** A search over a family of networks. */
export const searchStage = z.strictObject({
  kind: z.literal('search'),
  name: stageName,
  title: z.string(),
  /** The title of its winner among the networks. */
  winner: z.string(),
  note: z.string().default(''),
  /** `mlp`, `cnn`, or a file. */
  space: z.string(),
  /** How many points: a number, or a share of all. */
  trials: z.number().int().positive().optional(),
  fraction: z.number().gt(0).lte(1).optional(),
  sampler: z.enum(samplerNames).default('random'),
  pruner: z.string().default('none'),
  epochs: z.number().int().positive().default(100),
  patience: z.number().int().min(0).default(5),
})

export type Stage = z.infer<typeof networksStage> | z.infer<typeof searchStage> | ExperimentStage

// The table's schemas go in one by one, which their union's own type cannot say.
const stage = z.discriminatedUnion('kind', [
  networksStage,
  searchStage,
  ...experimentStages,
]) as z.ZodType<Stage>
export type StageOf<K extends Stage['kind']> = Extract<Stage, { readonly kind: K }>

/** Stages as a plan lists them. */
export const stages = z.array(stage).min(1)

const currentPlan = z.strictObject({
  profile: z.string(),
  title: z.string(),
  /** What is shorter than in the reference, and how, as sentences. */
  note: z.string(),
  seed: z.number().int().nonnegative(),
  validation: z.number().gt(0).lt(1),
  batch: z.number().int().positive(),
  learningRate: z.number().positive(),
  momentum: share,
  /** The reference's rate stays as it is. */
  schedule: settingCheck(settings.schedule).default({ kind: 'constant' }),
  stages,
})

/** A study as data: copy it, change it, run it. */
export const studyPlan = z.preprocess(upgradePlan, currentPlan)
export type StudyPlan = z.infer<typeof currentPlan>

/** The directories of a network's runs, one a seed; the first bears the network's own name. */
export const runNames = ({ name, seeds = [] }: RunPlan): string[] => [
  name,
  ...seeds.slice(1).map((seed) => `${name}-seed-${seed}`),
]

/** The networks that a stage trains by name, with their places. */
export function networksOf(stage: Stage, at: string): (readonly [at: string, network: PlannedNetwork])[] {
  if (stage.kind === 'networks') return stage.runs.map(({ network }, r) => [`${at}.runs[${r}]`, network])
  if (stage.kind === 'search') return []
  const networks = findExperiment(stage.kind)?.networks(stage.settings) ?? []
  return networks.map((network) => [`${at}.settings`, network])
}

/** The names of the runs that a stage looks into. */
const lookedInto = (stage: Stage): readonly string[] =>
  'settings' in stage ? (findExperiment(stage.kind)?.runs?.(stage.settings) ?? []) : []

/** Refuses a seed that is named twice: its runs are the same, and would pass for two. */
function checkSeeds({ seeds = [] }: RunPlan, at: string): void {
  const again = seeds.find((seed, i) => seeds.indexOf(seed) < i)
  if (again === undefined) return
  throw new InputError({ at: `${at}.seeds`, expected: 'different seeds', received: `${again} twice` })
}

/** The images of the reference. */
const usual = { imageShape: [28, 28, 1], classes: 10 }

/** Refuses a plan that names what does not exist, or one name twice, before anything runs. */
export function checkPlan(plan: StudyPlan): StudyPlan {
  const taken = new Map<string, Set<string>>([
    ['stage', new Set()],
    ['run', new Set()],
  ])
  const claim = (what: string, name: string, at: string) => {
    if (taken.get(what)!.has(name)) {
      throw new InputError({ at: `${at}.name`, expected: 'a name of its own', received: `"${name}" again` })
    }
    taken.get(what)!.add(name)
  }
  const checkNetwork = (given: PlannedNetwork, at: string) => {
    try {
      checkOutput(resolve(networkOf(given, usual)))
    } catch (error) {
      throw within(at, error)
    }
  }
  plan.stages.forEach((stage, s) => {
    const at = `stages[${s}]`
    claim('stage', stage.name, at)
    for (const [where, network] of networksOf(stage, at)) checkNetwork(network, where)
    if (stage.kind === 'networks') {
      stage.runs.forEach((run, r) => {
        const where = `${at}.runs[${r}]`
        checkSeeds(run, where)
        for (const name of runNames(run)) claim('run', name, where)
      })
    }
    if (stage.kind === 'search') checkSearch(stage, at)
    for (const name of lookedInto(stage)) {
      if (taken.get('run')!.has(name)) continue
      const known = [...taken.get('run')!].join(', ') || 'none'
      const expected = `a run of an earlier stage: ${known}`
      throw new InputError({ at: `${at}.settings`, expected, received: `"${name}"` })
    }
  })
  return plan
}

function checkSearch({ space, pruner, trials, fraction }: StageOf<'search'>, at: string) {
  parsePruner(pruner, `${at}.pruner`)
  if ((trials === undefined) === (fraction === undefined)) {
    const received = trials === undefined ? 'neither' : 'both'
    throw new InputError({ at, expected: 'either trials or fraction', received })
  }
  if (!Object.hasOwn(readySpaces, space) && !/\.(json|ts|mjs|js)$/.test(space)) {
    const expected = `${Object.keys(readySpaces).join(', ')}, or a file`
    throw new InputError({ at: `${at}.space`, expected, received: `"${space}"` })
  }
}
