import { experiment } from '../experiment.ts'
import { initializationRecord } from './record.ts'
import { compareInitializers } from './run.ts'
import { initializationSection } from './section.ts'
import { initializationSettings } from './settings.ts'

/** Why the first weights decide whether a deep network learns. */
export const initialization = experiment({
  kind: 'initialization',
  title: 'Initialization',
  after: 'data',
  settings: initializationSettings,
  record: initializationRecord,
  networks: ({ network }) => [network],
  run: compareInitializers,
  section: initializationSection,
})
