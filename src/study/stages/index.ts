import type { Stage } from '../plan.ts'
import { experimentStage } from './experiment.ts'
import { networksStage } from './networks.ts'
import { searchStage } from './search.ts'
import type { StageStream, StudyRequest } from './stage.ts'

/** Runs one stage of a study: networks, a search, or one of the experiments. */
export function runStage(request: StudyRequest, stage: Stage): StageStream {
  if (stage.kind === 'networks') return networksStage(request, stage)
  if (stage.kind === 'search') return searchStage(request, stage)
  return experimentStage(request, stage)
}
