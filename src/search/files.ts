/** The names of the files in a search's directory. */
export const SEARCH_FILES = {
  journal: 'journal.log',
  lock: 'search.lock',
  /** Put there by whoever wants the search to stop. */
  stop: 'search.stop',
  results: 'results.json',
  table: 'results.csv',
} as const
