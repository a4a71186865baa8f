import {
  aside,
  type Figure,
  type Panel,
  type Prose,
  paragraph,
  phrase,
  prose,
  reference,
  type Section,
  sentence,
} from '../../../document/document.ts'
import type { CalibrationRecord } from '../../../record/calibration.ts'
import { drawCoverage } from '../../../visualization/coverage.ts'
import { decimal, integer, percent } from '../../../visualization/format.ts'
import { drawReliability, reliabilityRows } from '../../../visualization/reliability.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { StudyRecord } from '../../record.ts'
import * as facts from '../facts.ts'

/** A network whose probabilities were looked at. */
type Calibrated = facts.Tested & { readonly test: { readonly calibration: CalibrationRecord } }

const isCalibrated = (network: facts.Tested): network is Calibrated => network.test.calibration !== undefined

/** How honest the networks' probabilities are, and what "not sure" is worth; undefined where a record lacks it. */
export function calibration(study: StudyRecord, dom: Document): Section | undefined {
  const networks = facts.tested(study).filter(isCalibrated)
  const chosen = facts.best(study)
  const best = networks.find((network) => network === chosen) ?? networks[0]
  if (best === undefined) return undefined
  return {
    id: 'calibration',
    rank: 2,
    title: 'How sure the networks are',
    blocks: [
      paragraph(question(best), honesty(best)),
      reliability(best, dom),
      paragraph(sure(best)),
      coverage(best, networks, dom),
      ...(networks.length < 2
        ? []
        : [
            {
              type: 'table' as const,
              id: 'calibrations',
              rank: 9,
              caption: caption(networks),
              table: table(networks),
            },
          ]),
    ],
  }
}

function question({ title, test: { calibration } }: Calibrated): Prose {
  const bins = calibration.test.before.bins
  return [
    sentence`Is a network right nine times in ten when it says that it is 90 % sure?`,
    sentence`${reference('reliability')} sets how often ${title} is right against how sure it is, in bins of equal width (${Math.round(1 / (bins[0].high - bins[0].low))} of them, by the probability of the class it names); the expected calibration error is the mean distance of the two over all test images.`,
  ]
}

function honesty({ test: { calibration } }: Calibrated): Prose {
  const { temperature, test, validation } = calibration
  const was = temperature > 1 ? 'surer than it has reason to be' : 'less sure than it might be'
  const on = validation
    ? phrase` on the ${integer(validation.count)} validation images`
    : phrase` on validation`
  const moved = sentence`It is ${percent(test.before.expectedCalibrationError, 2)} as the network speaks, and ${percent(test.after.expectedCalibrationError, 2)} when its logits are divided by ${decimal(temperature, 3)}, a temperature that was fitted${on} alone (test loss ${decimal(test.before.loss, 4)} before, ${decimal(test.after.loss, 4)} after).`
  const meaning =
    Math.abs(temperature - 1) < 0.05
      ? sentence`So near to 1, it says that the network was about as sure as it has reason to be.`
      : sentence`${temperature > 1 ? 'Above' : 'Below'} 1, it says that the network is ${was}; no answer changes by it, only how sure they are.`
  return prose(moved, meaning)
}

function reliability({ title, test: { calibration } }: Calibrated, dom: Document): Figure {
  const { temperature, test } = calibration
  const panel = (name: string, said: string, drawn: CalibrationRecord['test']['before']): Panel => {
    const heading = `${said}: error ${percent(drawn.expectedCalibrationError, 2)}`
    const description = drawn.bins
      .map((bin) => `${percent(bin.confidence)} sure, ${percent(bin.accuracy)} right`)
      .join('; ')
    const frame = { title: `${title}, ${heading}`, description, heading, width: 360, height: 350 }
    return {
      type: 'plot',
      name,
      title: frame.title,
      svg: drawReliability(dom, reliabilityRows(drawn.bins), frame),
    }
  }
  return {
    type: 'figure',
    id: 'reliability',
    rank: 6,
    caption: [
      sentence`How often ${title} is right (up) against how sure it is (across): on the dashed line it is honest, below it boasts.`,
      sentence`A dot is a bin, its area the number of images, its line the 95 % interval; orange where the interval misses the dashed line.`,
    ],
    panels: [
      panel('reliability-before', 'As it speaks', test.before),
      panel('reliability-after', `Divided by ${decimal(temperature, 2)}`, test.after),
    ],
  }
}

function sure({ title, test: { calibration, accuracy } }: Calibrated): Prose {
  const { threshold, test } = calibration
  if (threshold === 0) {
    return [
      sentence`On validation ${title} errs too seldom for “not sure” to be worth anything: it answers always.`,
    ]
  }
  return [
    sentence`Where ${title} is less than ${percent(threshold)} sure, it had better say “not sure”: this threshold is the lowest above which it errs at most half as often on validation as when it answers everything.`,
    sentence`On the test images it then answers ${percent(test.aboveThreshold.coverage)} of them and is right in ${percent(test.aboveThreshold.accuracy, 2)}, instead of ${percent(accuracy, 2)} of all${aside(reference('coverage'))}.`,
    sentence`Recognition uses both numbers, which are kept with the weights.`,
  ]
}

const answersOf = ({ title, test }: Calibrated) => ({
  name: title,
  curve: test.calibration.test.coverageCurve,
  sure: test.calibration.test.aboveThreshold,
})

function coverage(best: Calibrated, networks: readonly Calibrated[], dom: Document): Figure {
  const others = networks.filter((network) => network !== best)
  const title = 'Accuracy of the answers against the share of images answered'
  const description = networks
    .map(({ title, test: { calibration } }) => {
      const { aboveThreshold: sure } = calibration.test
      return `${title}: ${percent(sure.coverage)} answered, ${percent(sure.accuracy, 2)} right`
    })
    .join('; ')
  const draw = (width: number) =>
    drawCoverage(dom, [answersOf(best), ...others.map(answersOf)], {
      title,
      description,
      width,
      height: 320,
    })
  return {
    type: 'figure',
    id: 'coverage',
    rank: 8,
    caption: [
      sentence`What “not sure” is worth: the fewer of the test images a network answers, the surest first, the more of its answers are right.`,
      sentence`The dot is the threshold that validation set.`,
      ...(others.length === 0 ? [] : [sentence`Gray: the other networks.`]),
    ],
    panels: [{ type: 'plot', name: 'coverage', title, svg: draw(720), narrow: draw(370) }],
  }
}

function caption(networks: readonly Calibrated[]): Prose {
  const [{ test }] = networks
  return [
    sentence`Probabilities and “not sure” on ${integer(test.count)} test images: the expected calibration error in percent as the networks speak and after the temperature, the threshold, and what the sure answers are worth.`,
    sentence`Temperature and threshold were fitted on validation.`,
  ]
}

function table(networks: readonly Calibrated[]): Table {
  return {
    columns: [
      column.text('Network'),
      column.number('Temperature', { type: 'decimal', digits: 2 }),
      column.number('Error', { type: 'percent', digits: 2 }),
      column.number('Error after', { type: 'percent', digits: 2 }),
      column.number('Threshold', { type: 'percent', digits: 1 }),
      column.number('Answered', { type: 'percent', digits: 1 }),
      column.number('Right', { type: 'percent', digits: 2 }),
      column.number('Right of all', { type: 'percent', digits: 2 }),
    ],
    rows: networks.map(({ title, test: { calibration, accuracy } }) => [
      title,
      calibration.temperature,
      calibration.test.before.expectedCalibrationError,
      calibration.test.after.expectedCalibrationError,
      calibration.threshold,
      calibration.test.aboveThreshold.coverage,
      calibration.test.aboveThreshold.accuracy,
      accuracy,
    ]),
  }
}
