import { experiment } from '../experiment.ts'
import { doubledSoftmaxRecord } from './record.ts'
import { compareSoftmax } from './run.ts'
import { doubledSoftmaxSection } from './section.ts'
import { doubledSoftmaxSettings } from './settings.ts'

/** What softmax does where it is applied twice. */
export const doubledSoftmax = experiment({
  kind: 'doubled-softmax',
  title: 'Softmax applied twice',
  after: 'results',
  settings: doubledSoftmaxSettings,
  record: doubledSoftmaxRecord,
  networks: ({ networks }) => networks.map(({ network }) => network),
  run: compareSoftmax,
  section: doubledSoftmaxSection,
})
