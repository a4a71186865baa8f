import { z } from 'zod'
import { InputError, within } from '../base/errors.ts'
import { auditSettings } from '../experiments/audit/settings.ts'
import { doubledSoftmaxSettings } from '../experiments/doubled-softmax/run.ts'
import { insightSettings } from '../experiments/insight/settings.ts'
import { labSettings } from '../experiments/lab.ts'
import { networkOf, type PlannedNetwork, plannedNetwork } from '../experiments/network-of.ts'
import { resolve } from '../model/spec.ts'
import { recipe } from '../recipe/recipe.ts'
import { readySpaces } from '../search/read-search.ts'
import { parsePruner } from '../tuning/pruners/index.ts'
import { samplerNames } from '../tuning/samplers/index.ts'

const share = z.number().min(0).lt(1)

/** What a run does otherwise than the reference, as `train` takes it; all of it comes into the record. */
const runRecipe = recipe.extend({ monitor: z.enum(['val-loss', 'val-accuracy']).exactOptional() })

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
  loss: z.enum(['cross-entropy', 'softmax-twice']).default('cross-entropy'),
  /** The share of the training images that it validates on; the plan's, if left out. A settled recipe can do with less. */
  validation: z.number().gt(0).lt(1).optional(),
  recipe: runRecipe.optional(),
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

/** Why first weights matter. */
const labStage = z.strictObject({
  kind: z.literal('lab'),
  name: stageName,
  title: z.string(),
  settings: labSettings.prefault({}),
})

/** What the reference's losses hide. */
const doubledSoftmaxStage = z.strictObject({
  kind: z.literal('doubled-softmax'),
  name: stageName,
  title: z.string(),
  settings: doubledSoftmaxSettings.prefault({}),
})

/** Faults of the data: images twice, labels that are probably wrong. */
const auditStage = z.strictObject({
  kind: z.literal('audit'),
  name: stageName,
  title: z.string(),
  settings: auditSettings.prefault({}),
})

/** What networks of earlier stages look at and hold. */
const insightStage = z.strictObject({
  kind: z.literal('insight'),
  name: stageName,
  title: z.string(),
  settings: insightSettings,
})

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

const stage = z.discriminatedUnion('kind', [
  networksStage,
  labStage,
  doubledSoftmaxStage,
  auditStage,
  insightStage,
  searchStage,
])
export type Stage = z.infer<typeof stage>
export type StageOf<K extends Stage['kind']> = Extract<Stage, { readonly kind: K }>

/** A study as data: copy it, change it, run it. */
export const studyPlan = z.strictObject({
  profile: z.string(),
  title: z.string(),
  /** What is shorter than in the reference, and how, as sentences. */
  note: z.string(),
  seed: z.number().int().nonnegative(),
  validation: z.number().gt(0).lt(1),
  batch: z.number().int().positive(),
  learningRate: z.number().positive(),
  momentum: share,
  stages: z.array(stage).min(1),
})
export type StudyPlan = z.infer<typeof studyPlan>

/** The directories of a network's runs, one a seed; the first bears the network's own name. */
export const runNames = ({ name, seeds = [] }: RunPlan): string[] => [
  name,
  ...seeds.slice(1).map((seed) => `${name}-seed-${seed}`),
]

/** The networks that a stage trains by name, with their places. */
export function networksOf(stage: Stage, at: string): (readonly [at: string, network: PlannedNetwork])[] {
  switch (stage.kind) {
    case 'networks':
      return stage.runs.map(({ network }, r) => [`${at}.runs[${r}]`, network])
    case 'doubled-softmax':
      return stage.settings.networks.map(({ network }) => [at, network])
    case 'audit':
      return [[at, stage.settings.labels.network]]
    case 'lab':
      return [stage.settings.initialization, stage.settings.activations].map(({ network }) => [at, network])
    case 'search':
    case 'insight':
      return []
    default:
      return stage satisfies never
  }
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
      resolve(networkOf(given, usual))
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
        for (const name of runNames(run)) claim('run', name, where)
      })
    }
    if (stage.kind === 'search') checkSearch(stage, at)
    if (stage.kind === 'insight') {
      for (const name of stage.settings.networks) {
        if (taken.get('run')!.has(name)) continue
        const known = [...taken.get('run')!].join(', ') || 'none'
        const expected = `a run of an earlier stage: ${known}`
        throw new InputError({ at: `${at}.settings.networks`, expected, received: `"${name}"` })
      }
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
