/** Search: spaces as data, ways to choose points and to end trials, the journal, the pool of workers. */
export { bestOf, ranked } from './best.ts'
export type { Constraint, ConstraintData, Point } from './constraints.ts'
export {
  type Condition,
  type Domain,
  integers,
  logIntegers,
  logRange,
  oneOf,
  range,
  type Scalar,
  when,
} from './domain.ts'
export { type Importances, importances } from './importance.ts'
export { readJournal } from './journal/journal.ts'
export type { Direction } from './journal/operations.ts'
export { replay } from './journal/replay.ts'
export {
  createSearchJournal,
  memoryJournal,
  reopenSearchJournal,
  type SearchJournal,
} from './journal/search-journal.ts'
export type { Trial } from './journal/trial.ts'
export { type OpenSpace, openSpace } from './open-space.ts'
export { parseSpace } from './parse-space.ts'
export { inProcessPool } from './pool/in-process.ts'
export type { Objective, Outcome, Pool, TrialContext } from './pool/pool.ts'
export { processPool } from './pool/process-pool.ts'
export { openPruner, type PrunerSpec, parsePruner, pruners } from './pruners/index.ts'
export type { Pruner, Standing } from './pruners/pruner.ts'
export { samplers } from './samplers/index.ts'
export type { Result, Sampler, Seen } from './samplers/sampler.ts'
export { type Limits, type SearchEvent, type SearchResult, search } from './search.ts'
export { defineSpace, type PointIn, type PointOf, type Space } from './space.ts'
export { cnn as cnnSpace, mlp as mlpSpace } from './spaces/reference.ts'
