import { explore } from '../data/explore.ts'
import { pixelsAt } from '../data/images.ts'
import type { Evaluated } from '../evaluation/evaluate.ts'
import { summaryTable } from '../model/summary.ts'
import { describeRest, describeSetting } from '../recipe/describe.ts'
import type { CellImages } from '../record/cell-images.ts'
import type { DatasetRecord } from '../record/dataset.ts'
import type { EnvironmentRecord, Manifest } from '../record/manifest.ts'
import type { RecordedRun, SplitDataset } from '../runs/recorded-run.ts'
import type { NetworkRecord } from './record.ts'

const base64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** What a report shows of the data. */
export function describeDataset({ dataset, split }: SplitDataset, isSubstitute: boolean): DatasetRecord {
  const found = explore(dataset, split)
  const { height, width, channels } = dataset.train
  const indices = found.firstImages.map(({ index }) => index)
  const means = Uint8Array.from(
    found.meanImages.flatMap(({ values }) => Array.from(values, (v) => Math.round(255 * v))),
  )
  const { min, max, mean, std } = found.range
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
      train: found.classCounts.map((row) => row.train),
      validation: found.classCounts.map((row) => row.validation),
      test: found.classCounts.map((row) => row.test),
    },
    pixelRange: { min: 255 * min, max: 255 * max, mean: 255 * mean, std: 255 * std },
    balance: found.balance.verdict,
    splitHash: split.hash,
    firstImages: {
      indices,
      labels: found.firstImages.map(({ label }) => label),
      pixels: base64(pixelsAt(dataset.train, indices)),
    },
    meanImages: { pixels: base64(means) },
  }
}

const images = (count: number) => count.toLocaleString('en-US')

/** Settings that a report gives a row of their own; all others share one. */
const own = ['optimizer', 'batch', 'epochs', 'loss', 'monitor', 'seed'] as const

function describeSettings({ settings, data }: Manifest) {
  const { train, validation } = data.split.counts
  const { earlyStopping } = settings
  const say = (key: (typeof own)[number]) => describeSetting(settings, key)
  return [
    { name: 'Optimizer', value: say('optimizer') },
    { name: 'Trained on', value: images(train) },
    { name: 'Validated on', value: images(validation) },
    { name: 'Batch', value: `${settings.batch}` },
    {
      name: 'Epochs',
      value: earlyStopping
        ? `up to ${say('epochs')}, ${describeSetting(settings, 'earlyStopping')}`
        : say('epochs'),
    },
    { name: 'Loss', value: say('loss') },
    { name: 'Epoch kept by', value: say('monitor') },
    { name: 'Recipe', value: describeRest(settings, [...own, 'earlyStopping']) },
    { name: 'Seed', value: say('seed') },
  ]
}

/** The first images of every cell that holds mistakes: networks err on the same images, so the first are often shared. */
export function describeCells({ predictions, images }: Evaluated, most = 6): CellImages {
  const cells = new Map<string, { truth: number; predicted: number; indices: number[] }>()
  predictions.truth.forEach((truth, index) => {
    const predicted = predictions.predicted[index]
    if (truth === predicted) return
    const name = `${truth},${predicted}`
    const cell = cells.get(name) ?? { truth, predicted, indices: [] }
    if (cell.indices.length < most) cell.indices.push(index)
    cells.set(name, cell)
  })
  const sorted = [...cells.values()].sort((a, b) => a.truth - b.truth || a.predicted - b.predicted)
  const shown = sorted.flatMap(({ indices }) => indices)
  return { cells: sorted, pixels: base64(pixelsAt(images, shown)) }
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
    summary: summaryTable(manifest.model),
    settings: describeSettings(manifest),
    run,
    events: [...events],
    test: tested === undefined ? null : tested.evaluation,
    worstImages: {
      pixels:
        tested === undefined
          ? ''
          : base64(
              pixelsAt(
                tested.images,
                tested.evaluation.worst.map(({ index }) => index),
              ),
            ),
    },
    ...(tested === undefined ? {} : { cellImages: describeCells(tested) }),
    seconds: finished?.seconds ?? 0,
    weightsHash: finished?.weightsHash ?? null,
    backend: manifest.engine.backend,
    arithmetic: manifest.engine.arithmetic,
    threads: manifest.engine.threads,
  }
}

const isConvolutional = ({ model }: Manifest) => model.nodes.some(({ kind }) => kind === 'conv2d')

/** The environment table of a report. */
export function describeEnvironment(environment: EnvironmentRecord, engine: Manifest['engine']) {
  const { atelier, node, platform, cpu, cores, memoryBytes, gitRevision } = environment
  return [
    { name: 'Atelier', value: atelier },
    {
      name: 'Engine',
      value: `${engine.backend} (${engine.variant}), ${engine.arithmetic} arithmetic, ${engine.threads} threads`,
    },
    { name: 'Node', value: node },
    { name: 'Platform', value: platform },
    { name: 'Processor', value: `${cpu}, ${cores} cores` },
    { name: 'Memory', value: `${(memoryBytes / 2 ** 30).toFixed(1)} GiB` },
    ...(gitRevision === undefined ? [] : [{ name: 'Revision', value: gitRevision }]),
  ]
}
