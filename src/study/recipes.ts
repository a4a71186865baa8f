import { z } from 'zod'
import { type RunPlan, runPlan, type StageOf } from './plan.ts'

const runs = (given: readonly z.input<typeof runPlan>[]): RunPlan[] => z.array(runPlan).parse(given)

const seeds = [1, 2, 3]
const flips = { flip: true, translate: 1 }
const averaging = 0.999

/** A cosine down to nothing after an epoch's rise. */
const schedule = { kind: 'cosine', warmUp: 1 } as const

/** Networks of the reference, one of its search's space and one of our own, trained as the searches of docs/recipes.md found best on validation images. */
export const beyond: StageOf<'networks'> = {
  kind: 'networks',
  name: 'beyond',
  title: 'Beyond the reference',
  runs: runs([
    {
      name: 'mlp-medium-recipe',
      title: 'MLP, medium, our recipe',
      network: 'mlp-medium',
      epochs: 60,
      seeds,
      dropout: 0.1,
      aim: 0.9,
      recipe: {
        batch: 64,
        optimizer: { kind: 'adam', learningRate: 0.001 },
        schedule: { kind: 'cosine' },
        augmentation: { flip: true },
        monitor: 'val-accuracy',
      },
    },
    {
      name: 'cnn-medium-recipe',
      title: 'CNN, medium, our recipe',
      network: 'cnn-medium',
      epochs: 60,
      seeds,
      aim: 0.93,
      recipe: {
        batch: 64,
        optimizer: { kind: 'sgd', learningRate: 0.05 },
        schedule,
        averaging,
        augmentation: flips,
        monitor: 'val-accuracy',
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
      seeds,
      aim: 0.9,
      recipe: { optimizer: { kind: 'sgd', learningRate: 0.02 }, schedule, monitor: 'val-accuracy' },
    },
    {
      name: 'to-92',
      title: 'CNN, medium, to 92 %',
      network: 'cnn-medium',
      epochs: 12,
      seeds,
      aim: 0.92,
      recipe: {
        batch: 64,
        optimizer: { kind: 'sgd', learningRate: 0.03 },
        schedule,
        averaging,
        augmentation: flips,
        monitor: 'val-accuracy',
      },
    },
  ]),
}
