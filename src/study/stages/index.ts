import type { Stage, StageOf } from '../plan.ts'
import { auditStage, doubledSoftmaxStage, insightStage, labStage } from './experiments.ts'
import { networksStage } from './networks.ts'
import { searchStage } from './search.ts'
import type { StageStream, StudyRequest } from './stage.ts'

/** Every kind of stage. A new one is a schema in the plan, a file here and a row. */
const kinds: { [K in Stage['kind']]: (request: StudyRequest, stage: StageOf<K>) => StageStream } = {
  networks: networksStage,
  lab: labStage,
  'doubled-softmax': doubledSoftmaxStage,
  audit: auditStage,
  insight: insightStage,
  search: searchStage,
}

/** Runs one stage of a study. */
export const runStage = (request: StudyRequest, stage: Stage): StageStream =>
  (kinds[stage.kind] as (request: StudyRequest, stage: Stage) => StageStream)(request, stage)
