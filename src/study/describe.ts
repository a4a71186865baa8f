import { countClasses, valueRange } from '../data/explore.ts'
import type { Evaluated } from '../evaluation/evaluate.ts'
import type { CellImages } from '../record/cell-images.ts'
import type { DatasetRecord } from '../record/dataset.ts'
import type { Manifest } from '../record/manifest.ts'
import type { RecordedRun, SplitDataset } from '../runs/recorded-run.ts'
import type { NetworkRecord } from './record.ts'

/** What a report shows of the data. */
export function describeDataset({ dataset, split }: SplitDataset, isSubstitute: boolean): DatasetRecord {
  const counts = countClasses(dataset, split)
  const { height, width, channels } = dataset.train
  const { min, max, mean, std } = valueRange(dataset.train)
  return {
    title: dataset.title,
    source: dataset.source,
    hash: dataset.hash,
    isSubstitute,
    classNames: [...dataset.classNames],
    height,
    width,
    channels,
    counts: { train: split.train.length, validation: split.validation.length, test: dataset.test.count },
    classCounts: {
      train: counts.map((row) => row.train),
      validation: counts.map((row) => row.validation),
      test: counts.map((row) => row.test),
    },
    pixelRange: { min: 255 * min, max: 255 * max, mean: 255 * mean, std: 255 * std },
    splitHash: split.hash,
  }
}

/** The first images of every cell that holds mistakes: networks err on the same images, so the first are often shared. */
function cellsOf({ predictions }: Evaluated, most = 6): CellImages {
  const cells = new Map<string, { truth: number; predicted: number; indices: number[] }>()
  predictions.truth.forEach((truth, index) => {
    const predicted = predictions.predicted[index]
    if (truth === predicted) return
    const name = `${truth},${predicted}`
    const cell = cells.get(name) ?? { truth, predicted, indices: [] }
    if (cell.indices.length < most) cell.indices.push(index)
    cells.set(name, cell)
  })
  return [...cells.values()].sort((a, b) => a.truth - b.truth || a.predicted - b.predicted)
}

/** What a report shows of a network: its run and, where it was tested, how it fared. */
export function describeNetwork(
  title: string,
  run: string,
  recorded: RecordedRun,
  tested: Evaluated | undefined,
): NetworkRecord {
  const { manifest, events } = recorded
  const finished = events.find((event) => event.type === 'finished')
  return {
    name: manifest.model.name,
    title,
    kind: isConvolutional(manifest) ? 'cnn' : 'mlp',
    parameters: manifest.parameters,
    model: manifest.model,
    settings: manifest.settings,
    counts: { train: manifest.data.split.counts.train, validation: manifest.data.split.counts.validation },
    run,
    events: [...events],
    test: tested === undefined ? null : tested.evaluation,
    ...(tested && { cellImages: cellsOf(tested) }),
    seconds: finished?.seconds ?? 0,
    weightsHash: finished?.weightsHash ?? null,
    backend: manifest.engine.backend,
    arithmetic: manifest.engine.arithmetic,
    threads: manifest.engine.threads,
  }
}

const isConvolutional = ({ model }: Manifest) => model.nodes.some(({ kind }) => kind === 'conv2d')
