import type { ReportDocument } from '../../document/document.ts'
import { audit } from '../../experiments/audit/section.ts'
import { doubledSoftmax } from '../../experiments/doubled-softmax/section.ts'
import { insight } from '../../experiments/insight/section.ts'
import { lab } from '../../experiments/lab-section.ts'
import { search } from '../../search/section.ts'
import type { StudyRecord } from '../record.ts'
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
export async function compose(study: StudyRecord, dom: Document): Promise<ReportDocument> {
  return {
    title: study.title,
    subtitle: `${study.dataset.title} · profile ${study.profile} · ${study.createdAt.slice(0, 10)}`,
    cells: await cellStore(study),
    warnings: [...substituteWarning(study), ...(study.note === '' ? [] : [study.note])],
    sections: [
      found(study, dom),
      await data(study, dom),
      ...(study.audit ? [await audit(study.audit, study.dataset)] : []),
      ...(study.lab ? [lab(study.lab, dom)] : []),
      networks(study),
      training(study, dom),
      results(study, dom),
      ...(study.comparison ? [significance(study, study.comparison, dom)] : []),
      ...[calibration(study, dom)].filter((section) => section !== undefined),
      ...(study.searches ?? []).map((each) => search(each, dom)),
      ...(study.doubledSoftmax ? [doubledSoftmax(study.doubledSoftmax, dom)] : []),
      ...[beyond(study)].filter((section) => section !== undefined),
      await mistakes(study, dom),
      ...(study.insight ? [await insight(study.insight, study.dataset, dom)] : []),
      repeat(study),
    ],
  }
}

function substituteWarning({ dataset }: StudyRecord): string[] {
  if (!dataset.isSubstitute) return []
  return [
    `The data of the reference study could not be had. These results are of ${dataset.title}, a built-in set that stands in for it; where the reference’s figures are shown, they are for orientation only.`,
  ]
}
