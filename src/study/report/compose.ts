import type { ReportDocument, Section } from '../../document/document.ts'
import type { Drawing, Experiment } from '../../experiments/experiment.ts'
import { experiments } from '../../experiments/index.ts'
import { isReferenceData } from '../../experiments/reference.ts'
import { search } from '../../search/section.ts'
import { findRecord, type StudyRecord } from '../record.ts'
import { cellStore } from './cell-images.ts'
import { beyond } from './sections/beyond.ts'
import { calibration } from './sections/calibration.ts'
import { data } from './sections/data.ts'
import { found } from './sections/found.ts'
import { mistakes } from './sections/mistakes.ts'
import { networks } from './sections/networks.ts'
import { repeat } from './sections/repeat.ts'
import { results } from './sections/results.ts'
import { significance } from './sections/significance.ts'
import { training } from './sections/training.ts'

/** A study as a document: what is said, shown and in which order, before it becomes HTML or Markdown. */
export async function compose(given: StudyRecord, drawing: Drawing): Promise<ReportDocument> {
  const { dom } = drawing
  const study = isReferenceData(given.dataset) ? given : withoutReference(given)
  return {
    title: study.title,
    subtitle: `${study.dataset.title} · profile ${study.profile} · ${study.createdAt.slice(0, 10)}`,
    cells: await cellStore(study, drawing.images),
    warnings: [...substituteWarning(study), ...(study.note === '' ? [] : [study.note])],
    sections: [
      found(study, dom),
      await data(study.dataset, drawing),
      ...(await experimentSections(study, 'data', drawing)),
      networks(study),
      training(study, dom),
      results(study, dom),
      ...(study.comparison ? [significance(study, study.comparison, dom)] : []),
      ...[calibration(study, dom)].filter((section) => section !== undefined),
      ...(study.searches ?? []).map((each) => search(each, dom)),
      ...(await experimentSections(study, 'results', drawing)),
      ...[beyond(study)].filter((section) => section !== undefined),
      await mistakes(study, drawing),
      ...(await experimentSections(study, 'mistakes', drawing)),
      repeat(study),
    ],
  }
}

/** The sections of the experiments that follow a part of the report, in the order of their table. */
async function experimentSections(
  study: StudyRecord,
  part: Experiment['after'],
  drawing: Drawing,
): Promise<Section[]> {
  const sections: Section[] = []
  for (const each of experiments) {
    const record = findRecord(study, each.kind)
    if (each.after !== part || record === undefined) continue
    const { section }: Experiment = each
    sections.push(await section(record, { ...drawing, dataset: study.dataset }))
  }
  return sections
}

/** A study of other data than the reference's, of which its figures, and aims that were set beside them, say nothing. */
const withoutReference = (study: StudyRecord): StudyRecord => ({
  ...study,
  networks: study.networks.map(({ reference: _, aim: __, ...network }) => network),
})

function substituteWarning({ dataset }: StudyRecord): string[] {
  if (!dataset.isSubstitute) return []
  return [
    `The data of the reference study could not be had. These results are of ${dataset.title}, a built-in set that stands in for it: they cannot be compared with the reference’s.`,
  ]
}
