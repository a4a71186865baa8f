import type { Dataset } from '../../../data/dataset.ts'
import { judgeBalance, meanImages } from '../../../data/explore.ts'
import { pixelsAt } from '../../../data/images.ts'
import {
  aside,
  type Block,
  code,
  type Figure,
  offPaper,
  paragraph,
  reference,
  type Section,
  sentence,
} from '../../../document/document.ts'
import { imagesPanel } from '../../../document/images-panel.ts'
import type { Drawing } from '../../../experiments/experiment.ts'
import { type DatasetRecord, trainingCounts } from '../../../record/dataset.ts'
import {
  type ClassCount,
  classCountRows,
  distributionHeight,
  drawClassDistribution,
} from '../../../visualization/class-distribution.ts'
import { decimal, integer, percent } from '../../../visualization/format.ts'
import { classLabels } from '../../../visualization/image-grid.ts'
import { column, type Table } from '../../../visualization/table.ts'

const splits = ['train', 'validation', 'test'] as const

/** What the networks are trained on: shapes, values, classes, and pictures of them. */
export async function data(dataset: DatasetRecord, { dom, images }: Drawing): Promise<Section> {
  const blocks: Block[] = [
    paragraph(intro(dataset)),
    {
      type: 'table',
      id: 'splits',
      rank: 7,
      caption: [sentence`The three splits and the shape of their arrays.`],
      table: splitTable(dataset),
    },
    paragraph(
      sentence`${judgeBalance(trainingCounts(dataset)).verdict} ${reference('distribution')} counts the images of each class.`,
    ),
    distribution(dataset, dom),
    ...(images === undefined ? [] : [await firstImages(images), await meanImageOfEachClass(images)]),
  ]
  return { id: 'data', rank: 1, title: 'Data', blocks }
}

function intro({ title, source, classNames, height, width, channels, pixelRange: p }: DatasetRecord) {
  const kind = channels === 1 ? 'gray' : channels === 3 ? 'color' : `${channels}-channel`
  return [
    sentence`${title} (source ${code(source)}) holds ${kind} images of ${height} × ${width} pixels in ${classNames.length} classes.`,
    sentence`The bytes of the training images range from ${p.min} to ${p.max}, with mean ${decimal(p.mean, 1)} and standard deviation ${decimal(p.std, 1)}; networks see them divided by 255, in [0, 1].`,
    sentence`The validation images were set aside from the training set, class by class in proportion${aside(reference('splits'))}; the test images were not read before the last evaluation.`,
  ]
}

function splitTable({ counts, height, width, channels }: DatasetRecord): Table {
  const total = counts.train + counts.validation + counts.test
  return {
    columns: [
      column.text('Split'),
      column.number('Images', { type: 'integer' }),
      column.number('Share', { type: 'percent', digits: 1 }),
      column.text('Shape [count, height, width, channels]'),
    ],
    rows: splits.map((split) => [
      split,
      counts[split],
      total === 0 ? null : counts[split] / total,
      `[${[counts[split], height, width, channels].join(', ')}]`,
    ]),
  }
}

function distribution({ classNames, classCounts, counts }: DatasetRecord, dom: Document): Figure {
  const rows = classCountRows(classNames, classCounts)
  const panels = splits.map((split) => {
    const own = rows.filter((row) => row.split === split)
    const title = `Images of each class, ${split}`
    const description = own.map((row) => `${row.className} ${integer(row.count)}`).join(', ')
    const size = { width: 310, height: distributionHeight(classNames.length) }
    const heading = `${split}, ${integer(counts[split])}`
    const svg = drawClassDistribution(dom, own, { title, description, heading, ...size })
    return { type: 'plot' as const, name: `classes-${split}`, title, svg }
  })
  const caption = [sentence`Images of each class in the three splits.`, sentence`${extremes(rows)}`]
  return { type: 'figure', id: 'distribution', rank: offPaper, caption, panels }
}

function extremes(rows: readonly ClassCount[]): string {
  const shares = rows.filter((row) => row.split === 'train').map((row) => row.share)
  const [least, most] = [Math.min(...shares), Math.max(...shares)]
  if (least === most) return `Every class has ${percent(most)} of the training images.`
  return `Of the training images, the smallest class has ${percent(least)} and the largest ${percent(most)}.`
}

/** How many images of the training file are shown. */
const SHOWN = 40

async function firstImages({ train, classNames }: Dataset): Promise<Figure> {
  const shown = Array.from(train.labels.subarray(0, SHOWN), (_, i) => i)
  const title = `The first ${shown.length} training images`
  const tiles = classLabels([...train.labels.subarray(0, SHOWN)], classNames)
  const description = tiles.map((tile) => tile.title).join(', ')
  const look = { name: 'first-images', title, description, columns: 10, tileWidth: 64 }
  const panel = await imagesPanel(
    { ...train, count: shown.length, pixels: pixelsAt(train, shown) },
    tiles,
    look,
  )
  return {
    type: 'figure',
    id: 'first-images',
    rank: 5,
    caption: [sentence`${title}, with the names of their classes.`],
    panels: [panel],
  }
}

async function meanImageOfEachClass({ train, classNames }: Dataset): Promise<Figure> {
  const means = meanImages(train, classNames)
  const pixels = Uint8Array.from(
    means.flatMap(({ values }) => Array.from(values, (v) => Math.round(255 * v))),
  )
  const title = 'The mean image of each class'
  const tiles = classLabels(
    classNames.map((_, c) => c),
    classNames,
  )
  const look = {
    name: 'mean-images',
    title,
    description: classNames.join(', '),
    columns: 10,
    tileWidth: 64,
  }
  const panel = await imagesPanel({ ...train, count: means.length, pixels }, tiles, look)
  const caption = [
    sentence`${title} over the training images.`,
    sentence`Where it is blurred, the images of the class differ; where two resemble each other, the classes will be confused.`,
  ]
  return { type: 'figure', id: 'mean-images', rank: offPaper, caption, panels: [panel] }
}
