import { leastDifference } from '../../../base/statistics/shares.ts'
import {
  aside,
  type Block,
  code,
  type Figure,
  type Prose,
  paragraph,
  phrase,
  reference,
  type Section,
  type Sentence,
  sentence,
  strong,
} from '../../../document/document.ts'
import { comparisonHeight, comparisonRows, drawAccuracies } from '../../../visualization/comparison.ts'
import { commonConfusions } from '../../../visualization/confusion-matrix.ts'
import {
  capitalized,
  counted,
  decimal,
  duration,
  enumeration,
  integer,
  inWords,
  percent,
  signed,
} from '../../../visualization/format.ts'
import type { StudyRecord } from '../../record.ts'
import * as facts from '../facts.ts'
import { splitSettings } from './networks.ts'

/** The first page: what was found, in a few sentences with numbers, and one picture. */
export function found(study: StudyRecord, dom: Document): Section {
  const best = facts.best(study)
  const blocks: Block[] =
    best === undefined
      ? [paragraph(setting(study), sentence`No network came to a result.`, failures(study))]
      : [
          paragraph(setting(study), winner(study, best), rivals(study, best)),
          paragraph(againstReference(study), hardest(best), cost(study, best), failures(study)),
          accuraciesFigure(study, dom),
        ]
  return { id: 'found', rank: 0, title: 'What was found', blocks }
}

function setting({ networks, dataset: { title, counts } }: StudyRecord): Sentence {
  const many = capitalized(counted(networks.length, 'network').replace(/^\d+/, (n) => inWords(Number(n))))
  const were = networks.length === 1 ? 'was' : 'were'
  const divided = splitSettings(networks).different.includes('Images learned from')
  const otherwise = divided
    ? phrase`, some of them on another division of these${aside(reference('architectures'))}`
    : phrase``
  return sentence`${many} ${were} trained on ${integer(counts.train)} images of ${title}, validated on ${integer(counts.validation)} others${otherwise}, and tested once on ${integer(counts.test)} that played no part in either.`
}

function winner(study: StudyRecord, best: facts.Tested): Sentence {
  const chosen = facts.tested(study).length > 1 ? ', the best by validation accuracy,' : ''
  const points = facts.pointsAbove(best)
  const compared =
    points === null || best.reference === undefined
      ? phrase`.`
      : phrase`, ${decimal(Math.abs(points), 2)} points ${points < 0 ? 'below' : 'above'} the ${percent(best.reference.accuracy, 2)} of the reference study.`
  return sentence`${strong(best.title)}${chosen} recognizes ${strong(facts.accuracyWithInterval(best.test))} of the test images with ${integer(best.parameters)} parameters${compared}`
}

function rivals(study: StudyRecord, best: facts.Tested): Prose {
  const others = facts.tested(study).length - 1
  if (others === 0) return []
  const equal = facts.indistinguishable(study, best)
  const { accuracy, count } = best.test
  const least = decimal(100 * leastDifference(accuracy, accuracy, count), 2)
  const because = phrase`on ${integer(count)} test images a difference below about ${least} points may be chance`
  if (equal.length === 0)
    return [sentence`No other network comes near enough to be confused with it: ${because}.`]
  return [sentence`It cannot be told apart from ${named(equal)}: ${because}.`]
}

/** A few by name; many by number. */
const named = (networks: readonly facts.Tested[]) =>
  networks.length <= 4
    ? enumeration(networks.map(({ title }) => title))
    : `${inWords(networks.length)} of the others`

function againstReference(study: StudyRecord): Prose {
  const compared = facts.tested(study).flatMap((network) => {
    const points = facts.pointsAbove(network)
    return points === null ? [] : [{ title: network.title, points }]
  })
  if (compared.length < 2) return []
  const above = compared.filter(({ points }) => points > 0)
  const sorted = [...compared].sort((a, b) => b.points - a.points)
  const [most, least] = [sorted[0], sorted[sorted.length - 1]]
  return [
    sentence`${capitalized(inWords(above.length))} of ${inWords(compared.length)} networks stand above the reference’s figure for the same architecture${aside(reference('accuracies'))}, from ${signed(least.points, 2)} points (${least.title}) to ${signed(most.points, 2)} (${most.title}).`,
  ]
}

function hardest(best: facts.Tested): Prose {
  const worst = [...best.test.perClass].filter((c) => c.support > 0).sort((a, b) => a.recall - b.recall)[0]
  const [common] = commonConfusions(best.test.confusion, 1)
  if (worst === undefined || common === undefined) return []
  const names = best.test.perClass.map((c) => c.name)
  return [
    sentence`The hardest class for ${best.title} is ${strong(worst.name)}, of which it recognizes ${percent(worst.recall)}; its commonest mistake is to take ${names[common.truth]} for ${names[common.predicted]} (${counted(common.count, 'time')}).`,
  ]
}

function cost(study: StudyRecord, best: facts.Tested): Sentence {
  const total = study.networks.reduce((sum, network) => sum + facts.secondsOf(network), 0)
  const one = sentence`Training took ${duration(best.seconds)} on ${counted(best.threads, 'thread')}.`
  if (study.networks.length === 1) return one
  return sentence`All training took ${duration(total)} on ${facts.threadsOf(study.networks)}; the best network’s share was ${duration(best.seconds)}.`
}

function failures(study: StudyRecord): Prose {
  return facts
    .failed(study)
    .map((network) => sentence`${code(network.name)} has no result: ${facts.failureOf(network)}.`)
}

function accuraciesFigure(study: StudyRecord, dom: Document): Figure {
  const rows = comparisonRows(compared(study))
  const title = 'Test accuracy of the networks'
  const description = rows
    .map(
      (row) =>
        `${row.name} ${percent(row.accuracy, 2)}${row.reference === undefined ? '' : `, reference ${percent(row.reference, 2)}`}`,
    )
    .join('; ')
  const draw = (width: number) =>
    drawAccuracies(dom, rows, { title, description, width, height: comparisonHeight(rows.length, width) })
  const caption = [
    sentence`Test accuracy: the dot is this study’s, the bar its 95 % interval for ${integer(rows[0].count)} test images (Wilson)${rows.some((row) => row.reference !== undefined) ? ', the hollow diamond what the reference study reports' : ''}.`,
  ]
  return {
    type: 'figure',
    id: 'accuracies',
    rank: 3,
    caption,
    panels: [{ type: 'plot', name: 'accuracies', title, svg: draw(720), narrow: draw(370) }],
  }
}

/** The tested networks as the comparison wants them. */
export function compared(study: StudyRecord) {
  return facts.tested(study).map(({ name, test, seconds, reference: their }) => ({
    name,
    accuracy: test.accuracy,
    count: test.count,
    seconds,
    ...(their === undefined ? {} : { reference: their.accuracy }),
  }))
}
