import type { RunRow } from '../../../src/catalog/run-row.ts'
import { network } from '../../../src/model/named.ts'
import { completeRecipe } from '../../../src/recipe/recipe.ts'

const task = { model: network('mlp-small'), images: 100, imageShape: [28, 28, 1], classes: 10 }

/** A finished run's row, with some of it changed. */
export function runRowFixture(
  changes: Partial<RunRow> & { readonly seed?: number; readonly rate?: number } = {},
): RunRow {
  const { seed = 1, rate = 0.01, ...rest } = changes
  return {
    id: 'a',
    path: 'a',
    within: null,
    name: 'a',
    status: 'finished',
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    model: 'mlp-small',
    parameters: 100,
    layers: 'fe12',
    data: {
      source: 'silhouettes',
      title: 'Silhouettes',
      hash: 'abc',
      height: 28,
      width: 28,
      channels: 1,
      split: 'cd34',
    },
    settings: completeRecipe({ epochs: 3, optimizer: { kind: 'sgd', learningRate: rate }, seed }, task),
    engine: { backend: 'native', variant: 'avx2', arithmetic: 'fused', threads: 2 },
    epoch: 3,
    epochs: 3,
    bestEpoch: 2,
    loss: 0.5,
    accuracy: 0.8,
    valLoss: 0.6,
    valAccuracy: 0.75,
    seconds: 12,
    imagesPerSecond: 1000,
    weightsHash: 'ff',
    test: null,
    warnings: [],
    ...rest,
  }
}
