import { z } from 'zod'
import type { RecipeInput } from '../recipe/settings.ts'
import { type RunPlan, runPlan, type StageOf } from './plan.ts'

const runs = (given: readonly z.input<typeof runPlan>[]): RunPlan[] => z.array(runPlan).parse(given)

/** A cosine down to nothing after an epoch's rise. */
const schedule = { kind: 'cosine', warmUp: 1 } as const

/** What all recipes share. */
const shared = {
  batch: 64,
  schedule,
  averaging: 0.999,
  augmentation: { flip: true, translate: 1 },
  monitor: 'val-accuracy',
} satisfies RecipeInput

/** Three seeds; a recipe that is settled needs few images to validate on, and learns from the rest. */
const settled = { seeds: [1, 2, 3], validation: 0.05 }

/** Networks of the reference, one of its search's space and one of our own, trained as validation images told: docs/recipes.md. */
export const beyond: StageOf<'networks'> = {
  kind: 'networks',
  name: 'beyond',
  title: 'Recipes',
  runs: runs([
    {
      name: 'mlp-medium-recipe',
      title: 'MLP, medium, our recipe',
      network: 'mlp-medium',
      epochs: 150,
      aim: 0.9,
      ...settled,
      recipe: {
        ...shared,
        optimizer: { kind: 'adam', learningRate: 0.001, weightDecay: 0.1 },
        schedule: { kind: 'cosine' },
        monitor: 'val-loss', // its accuracy on few images is a draw among the last fifty epochs
        augmentation: { ...shared.augmentation, erase: { probability: 0.1 } },
      },
    },
    {
      name: 'cnn-medium-recipe',
      title: 'CNN, medium, our recipe',
      network: 'cnn-medium',
      epochs: 100,
      aim: 0.93,
      ...settled,
      recipe: { ...shared, optimizer: { kind: 'adam', learningRate: 0.003, weightDecay: 0.05 } },
    },
    {
      name: 'cnn-searched-recipe',
      title: 'CNN, of the search’s space, our recipe',
      network: { space: 'cnn', point: { filters1: 32, filters2: 128, kernel1: 3, kernel2: 5, dropout: 0.1 } },
      epochs: 54,
      aim: 0.935,
      ...settled,
      recipe: {
        ...shared,
        optimizer: { kind: 'adam', learningRate: 0.0022, weightDecay: 0.045 },
        monitor: 'val-loss', // its accuracy on few images once kept an epoch half-way down the rate
      },
    },
    {
      name: 'cnn-residual-recipe',
      title: 'CNN, residual, our recipe',
      network: 'cnn-residual',
      epochs: 36,
      aim: 0.945,
      ...settled,
      recipe: {
        ...shared,
        optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0.005 },
        labelSmoothing: 0.1,
        monitor: 'val-loss', // its accuracy on few images only swings over the last dozen epochs
        augmentation: { ...shared.augmentation, erase: { probability: 0.25 } },
      },
    },
  ]),
}

/** The shortest trainings that we know to reach an accuracy. */
export const sprints: StageOf<'networks'> = {
  kind: 'networks',
  name: 'sprints',
  title: 'Seconds to an accuracy',
  runs: runs([
    {
      name: 'to-90',
      title: 'CNN, small, to 90 %',
      network: 'cnn-small',
      epochs: 8,
      aim: 0.9,
      ...settled,
      recipe: { optimizer: { kind: 'sgd', learningRate: 0.02 }, schedule, monitor: 'val-accuracy' },
    },
    {
      name: 'to-92',
      title: 'CNN, medium, to 92 %',
      network: 'cnn-medium',
      epochs: 12,
      aim: 0.92,
      ...settled,
      recipe: {
        ...shared,
        optimizer: { kind: 'adam', learningRate: 0.003 },
        augmentation: { flip: true },
      },
    },
    {
      name: 'to-93',
      title: 'CNN, residual, to 93 %',
      network: 'cnn-residual',
      epochs: 4,
      aim: 0.93,
      ...settled,
      recipe: {
        ...shared,
        optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0.005 },
        augmentation: { flip: true },
      },
    },
  ]),
}
