/** Searches over networks, as data and as a stream of events. */
export type { ImageSizes, TrialSetup } from './networks.ts'
export { defineSearch, readSearch, type SearchDefinition } from './read-search.ts'
export {
  countTrials,
  type FinishedSearch,
  type NetworkSearchEvent,
  runSearch,
  type SearchRequest,
} from './run.ts'
