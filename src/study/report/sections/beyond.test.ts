import { expect, test } from 'vitest'
import type { NetworkRecord } from '../../record.ts'
import { studyFixture } from '../fixtures/study.ts'
import { renderMarkdown } from '../report.ts'

const study = studyFixture()
const [first, second, ...others] = study.networks
const testOf = ({ test: tested }: NetworkRecord) => tested!

/** Three trainings with these accuracies, of so many seconds each. */
const seedsOf = (accuracies: readonly number[], seconds: number) =>
  accuracies.map((accuracy, i) => ({
    seed: i + 1,
    run: `networks/x-seed-${i + 1}`,
    test: { loss: 0.3, accuracy },
    seconds,
    weightsHash: null,
  }))
const cosine = { kind: 'cosine', floor: 0, warmUp: 0 } as const
const mirrored = { flip: true, translate: 0, fill: 0 }

const written = (networks: readonly NetworkRecord[]) => renderMarkdown({ ...study, networks })

test('a study of the reference’s settings alone says nothing of recipes', async () => {
  expect((await written(study.networks)).markdown).not.toContain('Beyond the reference')
})

test('recipes have a table: what they are, the mean over seeds with its interval, seconds, the aim', async () => {
  const network = {
    ...first,
    title: 'MLP, our recipe',
    settings: { ...first.settings, schedule: cosine, augmentation: mirrored },
    recipe: true,
    aim: 0.9,
    seeds: seedsOf([0.901, 0.903, 0.905], 40),
  }
  const { markdown: text } = await written([network, second, ...others])
  const row = text
    .split('\n')
    .find((line) => line.startsWith('| MLP, our recipe') && line.includes('mirrored'))
  // Student's t of two degrees is 4.303: half the interval of the mean is 4.303 · 0.002 / √3.
  expect(row).toMatch(/90\.30\s% ± 0\.50/)
  expect(row).toContain('40.0')
  expect(text).toContain('It reaches the accuracy that was aimed at')
})

test('seconds are the mean of the trainings on as many threads as the first', async () => {
  const [one, two, three] = seedsOf([0.9, 0.9, 0.9], 40)
  const seeds = [one, { ...two, seconds: 50 }, { ...three, seconds: 23, threads: first.threads + 1 }]
  const network = { ...first, title: 'MLP, our recipe', recipe: true, seeds }
  const { markdown: text } = await written([network, second, ...others])
  expect(text).toContain('| 3 | 45.0 |')
})

test('one that falls short is named with its aim', async () => {
  const accuracy = testOf(first).accuracy
  const network = { ...first, title: 'MLP, our recipe', recipe: true, aim: accuracy + 0.01 }
  const { markdown: text } = await written([network, second, ...others])
  expect(text).toContain('Short of what was aimed at is MLP, our recipe (aim')
})

test('time is told of all seeds together, and threads as they were', async () => {
  const alone = { ...second, threads: 1 }
  const often = { ...first, seeds: seedsOf([0.9, 0.9, 0.9], 1000) }
  const { markdown: text } = await written([often, alone])
  expect(text).toMatch(/All training took 5\d\smin( \d+\ss)? on 1 or 2 threads/)
})
