import { experiment } from '../experiment.ts'
import { insightRecord } from './record.ts'
import { insight as look } from './run.ts'
import { insightSection } from './section.ts'
import { insightSettings } from './settings.ts'

/** What networks of earlier stages look at and hold. */
export const insight = experiment({
  kind: 'insight',
  title: 'What the networks look at',
  after: 'mistakes',
  settings: insightSettings,
  record: insightRecord,
  networks: () => [],
  runs: ({ networks }) => networks,
  run: look,
  section: insightSection,
})
