import { join } from 'node:path'
import { argmax } from '../../base/argmax.ts'
import { pause } from '../../base/pause.ts'
import { key, shuffle } from '../../base/random.ts'
import type { LabeledImages } from '../../data/dataset.ts'
import { take } from '../../data/hold-out.ts'
import type { Engine } from '../../engine/backend.ts'
import { imagesOf } from '../../evaluation/after-evaluation.ts'
import { type ExplainedModel, openExplainer } from '../../evaluation/explanation/explain.ts'
import { heatmapBytes } from '../../evaluation/explanation/heatmap.ts'
import { type Inspection, inspect } from '../../evaluation/inspect.ts'
import { pca } from '../../evaluation/map/pca.ts'
import { centeredProducts } from '../../evaluation/map/products.ts'
import { umap } from '../../evaluation/map/umap.ts'
import { exists } from '../../record/files.ts'
import { RUN_FILES, readRun, readTest, readWeights, type StoredRun } from '../../runs/run.ts'
import type { ExperimentStream, Laboratory, TrainedRun } from '../experiment.ts'
import { describeFilters } from './filters.ts'
import type { InsightRecord, MapRecord, NetworkInsight } from './record.ts'
import type { InsightSettings } from './settings.ts'

/** A network as it was recorded. */
interface Opened extends TrainedRun {
  readonly record: StoredRun
  readonly model: ExplainedModel
}

/** How many mistakes are explained beside one recognized image of each class. */
const MISTAKES = 10

/** Looks into networks that were trained and tested; undefined where none left weights, or it was interrupted. */
export async function* insight(
  settings: InsightSettings,
  laboratory: Laboratory,
): ExperimentStream<InsightRecord> {
  const { data, engine, signal } = laboratory
  const began = performance.now()
  const opened = await openAll(settings, laboratory)
  if (opened.length === 0) return undefined
  const work = {
    type: 'work',
    name: 'looking into networks',
    total: 2 * opened.length,
    unit: 'views',
  } as const
  const { test } = data.dataset
  const everyone = Int32Array.from({ length: test.count }, (_, i) => i)
  const chosen = shuffle(key(settings.seed).child('insight'), everyone).slice(0, settings.images).sort()
  const sample = imagesOf(test, Array.from(chosen))
  const order = Int32Array.from({ length: sample.count }, (_, i) => i)
  const inspections: Inspection[] = []
  for (const { model } of opened) {
    yield { ...work, done: inspections.length }
    inspections.push(inspect(model, sample, order, engine))
    await pause()
    if (signal?.aborted) return undefined
  }
  const [last, seen] = [opened[opened.length - 1], inspections[inspections.length - 1]]
  const recognized = recognizedOfEachClass(sample, seen).map((i) => chosen[i])
  const worst = (await readTest(last.record))?.worst.slice(0, MISTAKES).map(({ index }) => index) ?? []
  const shown = imagesOf(test, [...recognized, ...worst])
  const networks: NetworkInsight[] = []
  for (const [i, network] of opened.entries()) {
    yield { ...work, done: opened.length + i }
    networks.push(describe(network, inspections[i], shown, engine))
    await pause()
    if (signal?.aborted) return undefined
  }
  return {
    sample: sample.count,
    shown: { indices: shown.indices, labels: [...shown.labels] },
    networks,
    map: { name: last.name, title: last.title, ...mapOf(sample, seen, settings) },
    seconds: round((performance.now() - began) / 1000, 2),
  }
}

/** The networks whose runs left weights: one that diverged did not. */
async function openAll(settings: InsightSettings, { runs, data }: Laboratory): Promise<Opened[]> {
  const { height, width, channels } = data.dataset.train
  const opened: Opened[] = []
  const wanted = settings.networks.flatMap((name) => runs.find((run) => run.name === name) ?? [])
  for (const network of wanted) {
    if (!(await exists(join(network.directory, RUN_FILES.weights)))) continue
    const record = await readRun(network.directory)
    const { spec, tensors, preprocessing } = await readWeights(record)
    const { loss } = record.manifest.settings
    const imageShape = [height, width, channels]
    opened.push({ ...network, record, model: { spec, tensors, preprocessing, loss, imageShape } })
  }
  return opened
}

/** The classes that a network says of the sample. */
function saidOf({ labels }: LabeledImages, { probabilities }: Inspection): number[] {
  const classes = probabilities.length / labels.length
  return Array.from(labels, (_, i) => argmax(probabilities, i * classes, classes))
}

/** The first image of each class that was recognized. */
function recognizedOfEachClass(sample: LabeledImages, seen: Inspection): number[] {
  const said = saidOf(sample, seen)
  const first = new Map<number, number>()
  sample.labels.forEach((label, i) => {
    if (said[i] === label && !first.has(label)) first.set(label, i)
  })
  return [...first].sort(([a], [b]) => a - b).map(([, i]) => i)
}

function describe(
  { name, title, model }: Opened,
  { layers }: Inspection,
  shown: LabeledImages,
  engine: Engine,
): NetworkInsight {
  const explainer = openExplainer(model, { ...engine, threads: 1 })
  try {
    const found = Array.from({ length: shown.count }, (_, i) =>
      explainer.explain(take(shown, Int32Array.of(i)).pixels),
    )
    const layer = explainer.gradCamLayer
    return {
      name,
      title,
      method: layer === undefined ? 'input-gradient' : 'grad-cam',
      ...(layer !== undefined && { layer }),
      answers: found.map(({ label, probabilities }) => ({
        predicted: label,
        probability: round(Math.min(probabilities[label], 1), 4),
      })),
      maps: base64(Buffer.concat(found.map(({ gradCam, saliency }) => heatmapBytes(gradCam ?? saliency)))),
      filters: describeFilters(model),
      layers: layers.map(({ mean, spread, zeros, gradient, shape, ...rest }) => ({
        ...rest,
        shape: [...shape],
        mean: significant(mean),
        spread: significant(spread),
        zeros: round(zeros, 4),
        gradient: gradient === undefined ? null : significant(gradient),
      })),
    }
  } finally {
    explainer.close()
  }
}

/** The sample's images in two dimensions, by what the last hidden layer makes of them. */
function mapOf(
  sample: LabeledImages & { readonly indices: readonly number[] },
  seen: Inspection,
  { seed, neighbors }: InsightSettings,
): Omit<MapRecord, 'name' | 'title'> {
  const { layer, length, values } = seen.hidden
  const { count } = sample
  const products = centeredProducts({ count, dimensions: length, values })
  const from = key(seed).child('map')
  const { scores, explained } = pca(products, count, 2, from.child('pca'))
  return {
    layer,
    dimensions: length,
    indices: [...sample.indices],
    labels: [...sample.labels],
    predicted: saidOf(sample, seen),
    pca: { places: placesOf(scores), explained: explained.map((share) => round(share, 4)) },
    umap: { places: placesOf(umap(products, count, from.child('umap'), { neighbors })), neighbors },
  }
}

/** Coordinates with as many digits as a figure can show. */
function placesOf(values: Float64Array): [number, number][] {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  const digits = largest >= 100 ? 1 : 3
  return Array.from({ length: values.length / 2 }, (_, i) => [
    round(values[2 * i], digits),
    round(values[2 * i + 1], digits),
  ])
}

const base64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
const round = (value: number, digits: number) => Number(value.toFixed(digits))
const significant = (value: number) => Number(value.toPrecision(4))
