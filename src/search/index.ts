/** Searches over networks, as data and as a stream of events. */
export type { ImageSizes, TrialSetup } from './networks.ts'
export { defineSearch, readSearch, type SearchDefinition } from './read-search.ts'
export { countTrials, type SearchRequest } from './request.ts'
export { type FinishedSearch, type NetworkSearchEvent, runSearch } from './run.ts'
