import type { z } from 'zod'
import { InputError } from '../base/errors.ts'
import type { ExperimentKind, InputOf } from '../experiments/index.ts'
import { referenceResults, regularizedResults } from '../experiments/reference.ts'
import { checkPlan, type RunPlan, type Stage, type StudyPlan, searchStage, stages } from './plan.ts'
import { beyond, sprints } from './recipes.ts'

const titles = {
  'mlp-small': 'MLP, small',
  'mlp-medium': 'MLP, medium',
  'mlp-large': 'MLP, large',
  'cnn-small': 'CNN, small',
  'cnn-medium': 'CNN, medium',
  'cnn-large': 'CNN, large',
} as const

const sizes = ['small', 'medium', 'large'] as const

/** The settings of the reference: SGD, learning rate 0.01, Nesterov momentum 0.9, batches of 32, a fifth to validate on. */
const reference = {
  ...{ seed: 1, validation: 0.2, batch: 32, learningRate: 0.01, momentum: 0.9 },
  schedule: { kind: 'constant' },
} as const

/**
 * Seeds of the full profile, so that recipes are compared and not single trainings alone. The convolutional networks without
 * early stopping have one: two more would take 70 minutes on two cores, all the others together 25.
 */
const seeds = [1, 2, 3]

/** Three networks as the reference trains them first. */
const baselines = (
  family: 'mlp' | 'cnn',
  epochs: readonly number[],
  more: Pick<RunPlan, 'seeds'> = {},
): Stage => ({
  kind: 'networks',
  name: `${family}-baselines`,
  title: family === 'mlp' ? 'Three multi-layer perceptrons' : 'Three convolutional networks',
  runs: sizes.map((size, i) => ({
    name: `${family}-${size}`,
    title: titles[`${family}-${size}`],
    network: `${family}-${size}`,
    epochs: epochs[i],
    dropout: 0,
    loss: 'cross-entropy',
    reference: referenceResults[`${family}-${size}`],
    ...more,
  })),
})

/** The same three, or the first of them where fewer numbers of epochs are given, with dropout and early stopping. */
const regularized = (
  family: 'mlp' | 'cnn',
  epochs: readonly number[],
  { patience, ...more }: Required<Pick<RunPlan, 'patience'>> & Pick<RunPlan, 'seeds'>,
): Stage => ({
  kind: 'networks',
  name: `${family}-regularised`,
  title: family === 'mlp' ? 'The perceptrons, regularized' : 'The convolutional networks, regularized',
  runs: sizes.slice(0, epochs.length).map((size, i) => ({
    name: `${family}-${size}-regularised`,
    title: `${titles[`${family}-${size}`]}, regularized`,
    network: `${family}-${size}`,
    epochs: epochs[i],
    dropout: 0.2,
    patience,
    loss: 'cross-entropy',
    reference: regularizedResults[`${family}-${size}`],
    ...more,
  })),
})

/** An experiment with its usual settings but for those given. */
const experiment = <K extends ExperimentKind>(kind: K, settings: InputOf<K>, name: string = kind): Stage =>
  stages.parse([{ kind, name, settings }])[0]

/** The first weights and the activations, which were one stage once: it named the directory of their runs. */
const lab = (settings: InputOf<'initialization'> = {}) => [
  experiment('initialization', settings, 'lab'),
  experiment('activations', {}, 'lab-activations'),
]

/** A perceptron and a convolutional network of the same size of the reference, looked into. */
const insight = experiment('insight', { networks: ['mlp-medium', 'cnn-medium'] })

/** The search of the reference in a family's space. */
const search = (family: 'mlp' | 'cnn', settings: Partial<z.input<typeof searchStage>>): Stage =>
  searchStage.parse({
    kind: 'search',
    name: `${family}-search`,
    title:
      family === 'mlp' ? 'Searching for the best perceptron' : 'Searching for the best convolutional network',
    winner: family === 'mlp' ? 'MLP, found by search' : 'CNN, found by search',
    space: family,
    ...settings,
  })

const quick: StudyPlan = {
  ...reference,
  profile: 'quick',
  title: 'Image classifiers compared',
  note:
    'The reference study of 2020 trains every network for 100 epochs and searches with 64 and 172 trials. This profile has every stage, ' +
    'shortened to end within three minutes on two cores: baseline MLPs train for 10 epochs and CNNs for 5, 2 and 1, ' +
    'regularized ones for as many, but without the large CNN; the MLP search has 10 trials of ' +
    'at most 5 epochs, the CNN search 3 trials of one epoch. Every network is trained with one seed.',
  stages: [
    ...lab({ epochs: 3 }),
    baselines('mlp', [10, 10, 10]),
    regularized('mlp', [10, 10, 10], { patience: 4 }),
    search('mlp', { trials: 10, epochs: 5, pruner: 'asha' }),
    baselines('cnn', [5, 2, 1]),
    regularized('cnn', [5, 2], { patience: 2 }),
    search('cnn', { trials: 3, epochs: 1 }),
    experiment('doubled-softmax', { epochs: 6 }),
    {
      ...beyond,
      runs: beyond.runs.slice(0, 1).map(({ aim, ...run }) => ({ ...run, epochs: 8, seeds: [1] })),
    },
    insight,
    experiment('audit', { nearest: false, labels: { network: 'mlp-small', folds: 3, epochs: 2 } }),
  ],
}

const full: StudyPlan = {
  ...reference,
  profile: 'full',
  title: 'Image classifiers compared',
  note: '',
  stages: [
    ...lab(),
    baselines('mlp', [100, 100, 100], { seeds }),
    regularized('mlp', [100, 100, 100], { patience: 10, seeds }),
    search('mlp', { fraction: 0.2 }),
    baselines('cnn', [100, 100, 100]),
    regularized('cnn', [100, 100, 100], { patience: 10, seeds }),
    search('cnn', { fraction: 0.1 }),
    experiment('doubled-softmax', { epochs: 100 }),
    beyond,
    insight,
    experiment('audit', { labels: { network: 'cnn-medium', epochs: 10 } }),
  ],
}

/** The recipes by themselves. */
const recipes: StudyPlan = {
  ...reference,
  profile: 'recipes',
  title: 'Recipes',
  note: 'Our recipes alone, three seeds each.',
  stages: [beyond],
}

/** How soon an accuracy is reached. */
const sprint: StudyPlan = {
  ...reference,
  profile: 'sprint',
  title: 'How many seconds to an accuracy',
  note: 'The shortest trainings that we know to reach 90, 92 and 93 % of the test images of Fashion-MNIST, three seeds each.',
  stages: [sprints],
}

/** The plans that ship, by profile. */
export const profiles = { quick, full, recipes, sprint }

/** A plan by the name of its profile. */
export function profile(name: string): StudyPlan {
  if (Object.hasOwn(profiles, name)) return checkPlan(profiles[name as keyof typeof profiles])
  const expected = `one of ${Object.keys(profiles).join(', ')}`
  throw new InputError({ at: '--profile', expected, received: `"${name}"` })
}
