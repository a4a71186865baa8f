import { picturesAt, picturesOf } from '../../data/audit/show.ts'
import {
  aside,
  type Block,
  offPaper,
  type Prose,
  paragraph,
  prose,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../../document/document.ts'
import { imagesPanel } from '../../document/images-panel.ts'
import { counted, decimal, enumeration, integer, percent } from '../../visualization/format.ts'
import { column, type Table } from '../../visualization/table.ts'
import type { SectionContext } from '../experiment.ts'
import { joinPairs, pairLabels, suspectLabels } from './image-pairs.ts'
import type { AuditRecord, DuplicatesRecord, LabelsRecord } from './record.ts'

/** What is shown of the images, and what their classes are called. */
type Shown = Pick<SectionContext, 'images'> & { readonly dataset: { readonly classNames: readonly string[] } }

/** What is wrong with the data: images that are there twice, and labels that are probably wrong. */
export async function auditSection({ duplicates, labels }: AuditRecord, shown: Shown): Promise<Section> {
  const blocks: Block[] = [
    paragraph(duplicatesProse(duplicates)),
    ...(totalPairs(duplicates) === 0 ? [] : [countTable(duplicates)]),
    ...(await pairsFigure(duplicates, shown)),
    ...(duplicates.nearest === undefined ? [] : [paragraph(nearestProse(duplicates.nearest))]),
    paragraph(labelsProse(labels)),
    partsTable(labels),
    ...(await suspectsFigure(labels, shown)),
    ...commonestBlocks(labels, shown.dataset.classNames),
    paragraph(retrainedProse(labels)),
    retrainedTable(labels),
  ]
  return { id: 'audit', rank: 2, title: 'The data, audited', blocks }
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
const totalPairs = ({ counts }: DuplicatesRecord) => sum(counts.map(({ exact, near }) => exact + near))

function duplicatesProse(record: DuplicatesRecord): Prose {
  const { threshold, counts, groups } = record
  const total = totalPairs(record)
  const how = [
    sentence`Every image was compared with every other.`,
    sentence`Two count as near-duplicates where their pixels differ by no more than ${threshold} of 255 gray levels (root mean square).`,
  ]
  if (total === 0)
    return prose(how, sentence`No two images are that close: each one says something of its own.`)
  const leaked = counts.filter(({ between: [a, b] }) => a !== 'test' && b === 'test')
  const across = sum(leaked.map(({ exact, near }) => exact + near))
  const exact = sum(counts.map((row) => row.exact))
  const conflicting = sum(counts.map((row) => row.conflicting))
  return prose(
    how,
    sentence`There are ${counted(total, 'such pair')}${aside(reference('duplicate-counts'))}, ${exact === 0 ? 'none of them' : `${integer(exact)} of them`} equal in every byte; they tie ${counted(groups.images, 'image')} into ${counted(groups.count, 'group')}, the largest of ${integer(groups.largest)}.`,
    across === 0
      ? sentence`None lies across the border of the test split: no network can have learned a test image by heart.`
      : sentence`${integer(across)} of the pairs lie across the border of the test split: on such a test image a network may show its memory in place of its understanding.`,
    conflicting === 0
      ? sentence`No pair carries two different labels.`
      : sentence`In ${counted(conflicting, 'pair')} the labels differ: one of the two is wrong, or the classes cannot be told apart.`,
  )
}

function countTable({ counts }: DuplicatesRecord): Block {
  const table: Table = {
    columns: [
      column.text('Between'),
      column.number('Equal', { type: 'integer' }),
      column.number('Nearly equal', { type: 'integer' }),
      column.number('Labels differ', { type: 'integer' }),
    ],
    rows: counts.map(({ between: [a, b], exact, near, conflicting }) => [
      a === b ? `within ${a}` : `${a} and ${b}`,
      exact,
      near,
      conflicting,
    ]),
  }
  const caption = [
    sentence`Pairs of images within and across the splits.`,
    sentence`Those across let a network be examined on what it has seen; those within give an image twice the weight.`,
  ]
  return { type: 'table', id: 'duplicate-counts', rank: offPaper, caption, table }
}

async function pairsFigure({ shown }: DuplicatesRecord, { dataset, images }: Shown): Promise<Block[]> {
  if (shown.length === 0 || images === undefined) return []
  const { height, width, channels } = images.train
  const pixels = picturesOf(images, shown)
  const joined = joinPairs({ count: 2 * shown.length, height, width, channels, pixels })
  const title = 'Images that are equal or almost so'
  const tiles = pairLabels(shown, dataset.classNames)
  const description = tiles.map((tile) => tile.title).join('; ')
  const look = { name: 'near-duplicates', title, description, columns: 6, tileWidth: 150 }
  const panel = await imagesPanel(joined, tiles, look)
  const caption = [
    sentence`${counted(shown.length, 'pair')} of images that are equal or almost so: those whose labels differ first, then those across splits, then the nearest.`,
    sentence`Below each its class, where both images are found, and how far apart they are.`,
  ]
  return [{ type: 'figure', id: 'near-duplicates', rank: 8, caption, panels: [panel] }]
}

function nearestProse({ deciles, accuracy }: NonNullable<DuplicatesRecord['nearest']>): Prose {
  return [
    sentence`The training image that a test image resembles most is ${decimal(deciles[5], 1)} gray levels away in the median, ${decimal(deciles[1], 1)} for the nearest tenth and ${decimal(deciles[9], 1)} for the farthest.`,
    sentence`To say its class, and nothing else, is right for ${percent(accuracy, 2)} of the test images: what a network adds begins there.`,
  ]
}

function labelsProse({ network, folds, epochs, parts }: LabelsRecord): Prose {
  const [training, test] = parts
  return prose(
    sentence`Labels were judged by networks that had not learned from them (confident learning; Northcutt, Jiang and Chuang, 2021): ${network}, ${counted(epochs, 'epoch')} on each choice of ${folds - 1} of ${folds} folds of the training images, judges the one left out; the test images are judged by all ${folds} together.`,
    sentence`A label is suspected where the networks are as sure of another class as they commonly are of that class’s own images, and give the label less than almost any other of its kind.`,
    sentence`${integer(training.suspects)} of ${counted(training.images, 'training label')} and ${integer(test.suspects)} of ${counted(test.images, 'test label')} are suspected${aside(reference('label-audit'))}.`,
    sentence`A suspect is a reason to look, not a verdict: where two classes blend into each other, the label may be right and the picture undecidable.`,
  )
}

const share = { type: 'percent', digits: 2 } as const

function partsTable({ parts }: LabelsRecord): Block {
  const table: Table = {
    columns: [
      column.text('Labels'),
      column.number('Images', { type: 'integer' }),
      column.number('Suspected', { type: 'integer' }),
      column.number('Estimated noise', share),
      column.number('Accuracy on all', share),
      column.number('Without suspects', share),
    ],
    rows: parts.map(({ part, images, suspects, noise, accuracy }) => [
      part,
      images,
      suspects,
      noise,
      accuracy.all,
      accuracy.without,
    ]),
  }
  const caption = [
    sentence`How many labels are suspected, which share of all labels is estimated to be wrong, and the accuracy of the judging networks with the suspects in the measure and without.`,
    sentence`The last is flattered, for suspects are chosen among the mistakes.`,
  ]
  return { type: 'table', id: 'label-audit', rank: offPaper, caption, table }
}

async function suspectsFigure({ shown }: LabelsRecord, { dataset, images }: Shown): Promise<Block[]> {
  if (shown.length === 0 || images === undefined) return []
  const { height, width, channels } = images.train
  const title = 'Labels that are probably wrong'
  const tiles = suspectLabels(shown, dataset.classNames)
  const description = tiles.map((tile) => tile.title).join('; ')
  const look = { name: 'suspects', title, description, columns: 8, tileWidth: 118 }
  const pixels = picturesAt(images, shown)
  const panel = await imagesPanel({ count: shown.length, height, width, channels, pixels }, tiles, look)
  const caption = [
    sentence`The ${counted(shown.length, 'image')} whose labels are the most doubtful, with the label and the likely class and its probability.`,
    sentence`What looks wrong here is worth mending before anything is trained longer.`,
  ]
  return [{ type: 'figure', id: 'suspects', rank: 7, caption, panels: [panel] }]
}

function commonestBlocks({ commonest }: LabelsRecord, classNames: readonly string[]): Block[] {
  if (commonest.length === 0) return []
  const named = commonest
    .slice(0, 4)
    .map(
      ({ given, likely, count }) =>
        `labeled ${classNames[given]} and likely ${classNames[likely]} (${integer(count)})`,
    )
  return [
    paragraph(
      sentence`Most suspects are ${enumeration(named)}: classes that often stand for each other are hard to tell apart for those who label, too.`,
    ),
  ]
}

function retrainedProse({ retrained }: LabelsRecord): Sentence {
  const [all, without] = retrained
  const points = 100 * (without.test.all - all.test.all)
  const verdict =
    Math.abs(points) < 0.5
      ? 'which is next to nothing: the suspects did little harm, and little good'
      : points > 0
        ? 'so they did harm'
        : 'so most of them taught something: hard examples, not wrong ones'
  return sentence`Trained anew without the suspects among its ${integer(all.images)} training images, the network is right for ${percent(without.test.all, 2)} of all test images instead of ${percent(all.test.all, 2)}${aside(reference('label-retrained'))}, ${verdict}.`
}

function retrainedTable({ retrained }: LabelsRecord): Block {
  const table: Table = {
    columns: [
      column.text('Trained'),
      column.number('Images', { type: 'integer' }),
      column.number('Validation, all', share),
      column.number('Without suspects', share),
      column.number('Test, all', share),
      column.number('Without suspects', share),
    ],
    rows: retrained.map(({ trainedOn, images, validation, test }) => [
      trainedOn === 'all' ? 'with the suspects' : 'without them',
      images,
      validation.all,
      validation.without,
      test.all,
      test.without,
    ]),
  }
  const caption = [
    sentence`Accuracy of one network trained with and without the suspects, measured with and without them.`,
    sentence`Only the columns of all images are a fair measure of what leaving them out did.`,
  ]
  return { type: 'table', id: 'label-retrained', rank: offPaper, caption, table }
}
