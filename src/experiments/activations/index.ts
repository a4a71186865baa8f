import { experiment } from '../experiment.ts'
import { activationsRecord } from './record.ts'
import { compareActivations } from './run.ts'
import { activationsSection } from './section.ts'
import { activationSettings } from './settings.ts'

/** What the activation does to the gradients of a deep network. */
export const activations = experiment({
  kind: 'activations',
  title: 'Activations',
  after: 'data',
  settings: activationSettings,
  record: activationsRecord,
  networks: ({ network }) => [network],
  run: compareActivations,
  section: activationsSection,
})
