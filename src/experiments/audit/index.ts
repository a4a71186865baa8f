import { experiment } from '../experiment.ts'
import { auditRecord } from './record.ts'
import { audit as find } from './run.ts'
import { auditSection } from './section.ts'
import { auditSettings } from './settings.ts'

/** Faults of the data: images that are in the set twice, and labels that are probably wrong. */
export const audit = experiment({
  kind: 'audit',
  title: 'The audit of the data',
  after: 'data',
  settings: auditSettings,
  record: auditRecord,
  networks: ({ labels }) => [labels.network],
  async *run(settings, laboratory) {
    return (yield* find(settings, laboratory))?.record
  },
  section: auditSection,
})
