import type { Dataset } from '../../../data/dataset.ts'
import {
  aside,
  type Block,
  type Figure,
  offPaper,
  type Prose,
  paragraph,
  phrase,
  type Rank,
  reference,
  type Section,
  sentence,
} from '../../../document/document.ts'
import { imagesPanel } from '../../../document/images-panel.ts'
import { imagesOf } from '../../../evaluation/after-evaluation.ts'
import type { Drawing } from '../../../experiments/experiment.ts'
import { commonConfusions, drawConfusionMatrix } from '../../../visualization/confusion-matrix.ts'
import { counted, enumeration, integer, percent } from '../../../visualization/format.ts'
import { mistakeLabels } from '../../../visualization/image-grid.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { StudyRecord } from '../../record.ts'
import * as facts from '../facts.ts'

/** Which classes are confused, how each class fares, and the mistakes of which the networks were surest. */
export async function mistakes(study: StudyRecord, { dom, images }: Drawing): Promise<Section> {
  const networks = facts.tested(study)
  const best = facts.best(study)
  const title = 'Mistakes'
  if (best === undefined)
    return { id: 'mistakes', rank: 1, title, blocks: [paragraph(sentence`Nothing was tested.`)] }
  const blocks: Block[] = [
    paragraph(intro(networks)),
    { type: 'gallery', figures: matrices(study, dom) },
    classTable(best),
    ...(networks.length < 2 ? [] : [f1Table(networks)]),
    ...(images === undefined ? [] : await confusedPairs(images, best)),
    ...(images === undefined ? [] : await worst(images, best)),
  ]
  return { id: 'mistakes', rank: 1, title, blocks }
}

function intro(networks: readonly facts.Tested[]): Prose {
  const first = `confusion-${networks[0].name}`
  const last = `confusion-${networks[networks.length - 1].name}`
  const figures =
    networks.length === 1
      ? phrase`The confusion matrix${aside(reference(first))} counts`
      : phrase`The confusion matrices${aside(reference(first), ' to ', reference(last))} count`
  return [
    sentence`${figures} the test images by what they are (rows) and what the network said (columns).`,
    sentence`Blue, on the diagonal, is the share of a class that was recognized; orange the share that was taken for another class; the stronger the color, the more.`,
    sentence`Empty cells are zero.`,
  ]
}

/** All of them; in a paper those of the network of each kind that one would choose. */
function matrices(study: StudyRecord, dom: Document): Figure[] {
  const networks = facts.tested(study)
  const chosen = new Set(networks.map(({ kind }) => facts.best(study, kind)))
  return networks.map((network) => matrix(network, chosen.has(network) ? 3 : offPaper, study, dom))
}

function matrix(network: facts.Tested, rank: Rank, { dataset }: StudyRecord, dom: Document): Figure {
  const { confusion } = network.test
  const title = `Confusion matrix of ${network.title}`
  const said = confusions(network)
  const svg = drawConfusionMatrix(dom, confusion, {
    title,
    description: said,
    classNames: dataset.classNames,
  })
  const name = `confusion-${network.name}`
  const caption = [
    sentence`${network.title}, ${percent(network.test.accuracy, 2)} correct.`,
    sentence`${said}`,
    ...unpredicted(network),
  ]
  return { type: 'figure', id: name, rank, caption, panels: [{ type: 'plot', name, title, svg }] }
}

function confusions({ test }: facts.Tested): string {
  const names = test.perClass.map((c) => c.name)
  const common = commonConfusions(test.confusion, 2).map(
    ({ truth, predicted, count }) => `${names[truth]} taken for ${names[predicted]} (${integer(count)})`,
  )
  return common.length === 0 ? 'It makes no mistake.' : `Commonest: ${enumeration(common)}.`
}

/** Classes that a network never predicts are dead; a reader should not have to find the empty column. */
function unpredicted({ test }: facts.Tested): Prose {
  const dead = test.perClass.filter((_, c) => test.confusion.every((row) => row[c] === 0)).map((c) => c.name)
  return dead.length === 0 ? [] : [sentence`Never predicted: ${enumeration(dead)}.`]
}

function classTable(network: facts.Tested): Block {
  const share = { type: 'percent', digits: 1 } as const
  const table: Table = {
    columns: [
      column.text('Class'),
      column.number('Precision', share),
      column.number('Recall', share),
      column.number('F1', share),
      column.number('Images', { type: 'integer' }),
    ],
    rows: network.test.perClass.map((c) => [c.name, c.precision, c.recall, c.f1, c.support]),
  }
  const caption = [
    sentence`${network.title}, class by class.`,
    sentence`Precision: of the images so called, those that are.`,
    sentence`Recall: of the images that are, those so called.`,
    sentence`F1: their harmonic mean.`,
  ]
  return { type: 'table', id: `classes-${network.name}`, rank: offPaper, caption, table }
}

/** One row a class, one column a network: where a class is hard for all, it is the class. */
function f1Table(networks: readonly facts.Tested[]): Block {
  const share = { type: 'percent', digits: 1 } as const
  const table: Table = {
    columns: [column.text('Class'), ...networks.map(({ title }) => column.number(title, share))],
    rows: networks[0].test.perClass.map(({ name }, c) => [
      name,
      ...networks.map(({ test }) => test.perClass[c].f1),
    ]),
  }
  return {
    type: 'table',
    id: 'f1',
    rank: 9,
    caption: [sentence`F1 of every class, network by network.`],
    table,
  }
}

/** How many pairs of classes are shown, and at most how many images of each. */
const SHOWN = { pairs: 4, images: 6 }

/** Images of the classes that are most often taken for each other. */
async function confusedPairs(
  { classNames, test: sealed }: Dataset,
  { test, cellImages = [], title: network }: facts.Tested,
): Promise<Block[]> {
  const pairs = commonConfusions(test.confusion, SHOWN.pairs)
  const chosen = pairs.flatMap(({ truth, predicted }) => {
    const cell = cellImages.find((one) => one.truth === truth && one.predicted === predicted)
    return (cell?.indices ?? []).slice(0, SHOWN.images).map((index) => ({ index, truth, predicted }))
  })
  if (chosen.length === 0) return []
  const title = `What ${network} confuses most`
  const tiles = chosen.map(({ index, truth, predicted }) => {
    const [is, said] = [`is ${classNames[truth]}`, `said ${classNames[predicted]}`]
    return { lines: [is, said], title: `Test image ${index}: ${is}, ${said}` }
  })
  const description = tiles.map((tile) => tile.title).join('; ')
  const shown = imagesOf(
    sealed,
    chosen.map(({ index }) => index),
  )
  const look = { name: 'confused-pairs', title, description, columns: SHOWN.images, tileWidth: 118 }
  const panel = await imagesPanel(shown, tiles, look)
  const caption = [
    sentence`Test images of the ${counted(pairs.length, 'pair')} of classes that ${network} confuses most often, the commonest first.`,
    sentence`Where a person would hesitate too, the classes overlap, and longer training will not part them.`,
  ]
  return [{ type: 'figure', id: 'confused-pairs', rank: offPaper, caption, panels: [panel] }]
}

async function worst({ classNames, test }: Dataset, network: facts.Tested): Promise<Block[]> {
  const { worst: mistaken } = network.test
  if (mistaken.length === 0) return []
  const title = `The mistakes of which ${network.title} was surest`
  const labels = mistakeLabels(mistaken, classNames)
  const description = labels.map((label) => label.title).join('; ')
  const look = { name: 'worst-mistakes', title, description, columns: 8, tileWidth: 118 }
  const shown = imagesOf(
    test,
    mistaken.map(({ index }) => index),
  )
  const panel = await imagesPanel(shown, labels, look)
  const caption = [
    sentence`The ${counted(mistaken.length, 'test image')} that ${network.title} got wrong with the greatest confidence: what it said with what probability, and what the label says.`,
    sentence`Some labels may themselves be wrong.`,
  ]
  return [{ type: 'figure', id: 'worst-mistakes', rank: 7, caption, panels: [panel] }]
}
