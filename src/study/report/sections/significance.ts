import {
  aside,
  type Figure,
  type Prose,
  paragraph,
  prose,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../../../document/document.ts'
import type { ComparisonRecord, PairRecord } from '../../../record/comparison.ts'
import { capitalized, counted, decimal, integer, inWords, percent } from '../../../visualization/format.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { StudyRecord } from '../../record.ts'
import { drawPairMatrix, pairCells, pairMatrixHeight, ranking } from '../pair-matrix.ts'

/** Which differences between the networks are real, and which the test images or the seeds may have brought. */
export function significance(study: StudyRecord, comparison: ComparisonRecord, dom: Document): Section {
  return {
    id: 'significance',
    rank: 2,
    title: 'Which differences are real',
    blocks: [
      paragraph(method(comparison), verdict(comparison)),
      matrix(study, comparison, dom),
      paragraph(testSet(comparison), seeds(comparison)),
      {
        type: 'table',
        id: 'standings',
        rank: 8,
        caption: caption(comparison),
        table: table(study, comparison),
      },
    ],
  }
}

function method({ pairs, count }: ComparisonRecord): Sentence {
  return sentence`Two networks that were tested on the same ${integer(count)} images are compared by the images on which one is right and the other wrong (McNemar’s test); as there are ${counted(pairs.length, 'pair')}, the p-values are corrected by Holm’s method, so that chance brings a false claim anywhere in the table in one study of twenty.`
}

function verdict({ pairs }: ComparisonRecord): Sentence {
  const apart = pairs.filter(({ distinguishable }) => distinguishable).length
  if (apart === pairs.length) return sentence`All pairs can be told apart${aside(reference('pairs'))}.`
  const others = pairs.length - apart
  return sentence`${capitalized(inWords(apart))} can be told apart${aside(reference('pairs'))}; ${inWords(others)} ${others === 1 ? 'is' : 'are'} not distinguishable.`
}

function testSet({ testSet: set }: ComparisonRecord): Sentence {
  return sentence`With ${integer(set.images)} images, two networks of which exactly one is right on ${percent(set.disagreement)} of them (the median of the pairs) differ significantly from about ${decimal(100 * set.smallestDifference, 2)} points on, and from ${decimal(100 * set.smallestAfterCorrection, 2)} on whatever the other pairs say: less than that needs more test images to be seen.`
}

function seeds({ classifiers, pairs }: ComparisonRecord): Prose {
  const several = classifiers.filter(({ overSeeds }) => overSeeds !== undefined)
  if (several.length === 0) {
    return [
      sentence`Every network was trained once: this holds for the weights that came of it, and says nothing of what another seed would have given.`,
    ]
  }
  const tests = pairs.flatMap(({ overSeeds }) => (overSeeds === undefined ? [] : [overSeeds]))
  const least = Math.min(...several.map(({ overSeeds }) => overSeeds!.count))
  const begin = sentence`${capitalized(counted(several.length, 'network'))} ${several.length === 1 ? 'was' : 'were'} trained with ${least} seeds or more, which shows what the training’s own chance brings.`
  if (tests.length === 0) return [begin]
  const apart = tests.filter(({ distinguishable }) => distinguishable).length
  return prose(
    begin,
    sentence`Over the seeds ${apart} of their ${counted(tests.length, 'pair')} can be told apart (t-tests, paired where the seeds are the same, corrected likewise).`,
  )
}

const titleOf = (study: StudyRecord, name: string) =>
  study.networks.find((network) => network.name === name)?.title ?? name

function matrix(study: StudyRecord, comparison: ComparisonRecord, dom: Document): Figure {
  const titles = ranking(comparison).map((name) => titleOf(study, name))
  const cells = pairCells(comparison)
  const title = 'Which networks can be told apart'
  const description = cells
    .filter(({ distinguishable }) => !distinguishable)
    .map(({ better, worse }) => `${titles[better]} and ${titles[worse]} cannot be told apart`)
    .join('; ')
  const draw = (width: number) =>
    drawPairMatrix(dom, cells, titles, { title, description, width, height: pairMatrixHeight(titles, width) })
  return {
    type: 'figure',
    id: 'pairs',
    rank: 5,
    caption: [
      sentence`How many points the network of the column is ahead of that of the row, the most accurate first.`,
      sentence`≈ stands where the two are not distinguishable.`,
    ],
    panels: [{ type: 'plot', name: 'pairs', title, svg: draw(720), narrow: draw(370) }],
  }
}

function caption(comparison: ComparisonRecord): Prose {
  const over = hasSeeds(comparison) ? ', the mean over seeds ± half its 95 % interval (Student’s t)' : ''
  return [
    sentence`Test accuracy ± half the 95 % interval that the number of images sets (Wilson)${over}, and the comparison with the most accurate network.`,
  ]
}

const hasSeeds = ({ classifiers }: ComparisonRecord) =>
  classifiers.some(({ overSeeds }) => overSeeds !== undefined)

function table(study: StudyRecord, comparison: ComparisonRecord): Table {
  const order = ranking(comparison)
  const several = hasSeeds(comparison)
  return {
    columns: [
      column.text('Network'),
      column.number('Test accuracy', { type: 'percent', digits: 2 }),
      ...(several ? [column.number('Over seeds', { type: 'percent', digits: 2 })] : []),
      column.number('Behind the first', { type: 'signed', digits: 2 }),
      column.number('p, corrected', { type: 'decimal', digits: 4 }),
      column.text('Verdict'),
    ],
    rows: order.map((name, i) => {
      const { accuracy, ci95, overSeeds } = comparison.classifiers.find((one) => one.name === name)!
      const pair = i === 0 ? undefined : pairOf(comparison, order[0], name)
      const half = (ci95[1] - ci95[0]) / 2
      return [
        titleOf(study, name),
        `${percent(accuracy, 2)} ± ${decimal(100 * half, 2)}`,
        ...(several
          ? [
              overSeeds
                ? `${percent(overSeeds.mean, 2)} ± ${decimal(100 * overSeeds.ci95HalfWidth, 2)}`
                : null,
            ]
          : []),
        pair ? `−${decimal(Math.abs(100 * pair.difference), 2)}` : null,
        pair ? (pair.adjustedPValue < 0.0001 ? '< 0.0001' : pair.adjustedPValue) : null,
        pair ? (pair.distinguishable ? 'behind' : 'not distinguishable') : 'the most accurate',
      ]
    }),
  }
}

const pairOf = ({ pairs }: ComparisonRecord, a: string, b: string): PairRecord =>
  pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a))!
