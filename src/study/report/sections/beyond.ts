import { spreadOf } from '../../../base/statistics/spread.ts'
import { paragraph, reference, type Section, sentence } from '../../../document/document.ts'
import { isReferenceData } from '../../../experiments/reference.ts'
import { describeSetting } from '../../../recipe/describe.ts'
import { counted, decimal, enumeration, percent } from '../../../visualization/format.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { NetworkRecord, StudyRecord } from '../../record.ts'
import * as facts from '../facts.ts'
import { describeOthers } from '../settings.ts'

/** Networks that were trained with a recipe of their own: what it gave over all seeds, and what it cost. */
export function beyond(study: StudyRecord): Section | undefined {
  const networks = study.networks.filter(({ recipe }) => recipe === true)
  if (networks.length === 0) return undefined
  return {
    id: 'beyond',
    rank: 2,
    title: isReferenceData(study.dataset) ? 'Beyond the reference' : 'Recipes',
    blocks: [
      paragraph(
        sentence`A recipe is what a training has beside its network: how the learning rate moves, how the targets are smoothed, whether the weights are averaged, how the images are varied.`,
        sentence`${reference('recipes')} holds what it makes of ${counted(networks.length, 'network')}.`,
        ...reached(networks),
      ),
      { type: 'table', id: 'recipes', rank: 3, caption: caption(networks), table: table(networks) },
    ],
  }
}

/** Its trainings that were tested. */
const trainings = ({ seeds, test, seconds, threads: first }: NetworkRecord) =>
  (seeds ?? [{ test, seconds, threads: first }]).flatMap(({ test, seconds, threads = first }) =>
    test === null ? [] : [{ accuracy: test.accuracy, seconds, threads }],
  )

const accuracies = (network: NetworkRecord) => spreadOf(trainings(network).map(({ accuracy }) => accuracy))
/** The mean seconds of its trainings on as many threads as the first: others cannot be averaged with them. */
const meanSeconds = (network: NetworkRecord) =>
  spreadOf(trainings(network).flatMap((one) => (one.threads === network.threads ? [one.seconds] : []))).mean

function reached(networks: readonly NetworkRecord[]) {
  const aims = networks.filter((network) => network.aim !== undefined && trainings(network).length > 0)
  if (aims.length === 0) return []
  const missed = aims.filter((network) => accuracies(network).mean < network.aim!)
  if (missed.length === 0) {
    const all = aims.length === 1 ? 'It reaches' : 'Each reaches'
    return [sentence`${all} the accuracy that was aimed at, in the mean of its seeds.`]
  }
  const names = enumeration(missed.map(({ title, aim }) => `${title} (aim ${percent(aim!, 1)})`))
  return [sentence`Short of what was aimed at ${missed.length === 1 ? 'is' : 'are'} ${names}.`]
}

function caption(networks: readonly NetworkRecord[]) {
  return [
    sentence`Recipes, and what they give: the mean test accuracy over the seeds ± half its 95 % interval (Student’s t), and the mean seconds of one training on ${facts.threadsOf(networks)}.`,
  ]
}

function accuracyOf(network: NetworkRecord): string {
  if (network.test === null) return 'failed'
  const { mean, ci95HalfWidth: half } = accuracies(network)
  return half === undefined
    ? facts.accuracyWithInterval(network.test)
    : `${percent(mean, 2)} ± ${decimal(100 * half, 2)}`
}

function table(networks: readonly NetworkRecord[]): Table {
  const hasAims = networks.some(({ aim }) => aim !== undefined)
  return {
    columns: [
      column.text('Network'),
      column.number('Parameters', { type: 'integer' }),
      column.text('Recipe'),
      column.number('Epochs', { type: 'integer' }),
      column.number('Seeds', { type: 'integer' }),
      column.number('Seconds', { type: 'decimal', digits: 1 }),
      column.number('Test accuracy', { type: 'percent', digits: 2 }),
      ...(hasAims ? [column.number('Aim', { type: 'percent', digits: 1 })] : []),
    ],
    rows: networks.map((network) => [
      network.title,
      network.parameters,
      [
        describeSetting(network.settings, 'optimizer'),
        `batches of ${counted(network.settings.batch, 'image')}`,
        describeOthers(network.settings),
      ].join(', '),
      network.events.filter(({ type }) => type === 'epoch').length,
      trainings(network).length,
      network.test === null ? null : meanSeconds(network),
      accuracyOf(network),
      ...(hasAims ? [network.aim ?? null] : []),
    ]),
  }
}
