import type {
  CurvesAnswer,
  DatasetAnswer,
  DatasetsAnswer,
  DuplicatesAnswer,
  ImagesAnswer,
  ModelsAnswer,
  RecordIndexEvents,
  RunAnswer,
  RunEvents,
  RunsAnswer,
  SearchAnswer,
  SearchEvents,
  SearchesAnswer,
  SuspectsAnswer,
  TestImagesAnswer,
} from '../../src/catalog/answers.ts'
import type { TestRecord } from '../../src/record/evaluation.ts'
import type { EventStream } from './events.ts'
import type { Endpoint } from './http.ts'

type Query = Readonly<Record<string, string | number | undefined>>

/** An endpoint below `/api`. Ids may hold percent signs of their own, so each part is encoded. */
function at<Answer>(parts: readonly string[], query: Query = {}): Endpoint<Answer> {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  const path = ['/api', ...parts.map(encodeURIComponent)].join('/')
  return { path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}` }
}

/** What a run's record may tell, in the order in which it happens. */
export const runEventTypes = ['started', 'epoch', 'checkpoint', 'stopped', 'finished', 'failed'] as const

/** What the page asks the server for. */
export const endpoints = {
  runs: () => at<RunsAnswer>(['runs']),
  run: (id: string) => at<RunAnswer>(['runs', id]),
  curves: (ids: readonly string[]) => at<CurvesAnswer>(['curves'], { runs: ids.join(',') }),
  test: (run: string) => at<TestRecord>(['runs', run, 'test']),
  testImages: (run: string, index: readonly number[]) =>
    at<TestImagesAnswer>(['runs', run, 'test', 'images'], { index: index.join(',') }),
  cellImages: (run: string, truth: number, predicted: number, most: number) =>
    at<TestImagesAnswer>(['runs', run, 'test', 'images'], { truth, predicted, most }),

  searches: () => at<SearchesAnswer>(['searches']),
  search: (id: string) => at<SearchAnswer>(['searches', id]),
  stopSearch: (id: string) => at<unknown>(['searches', id, 'stop']),

  datasets: () => at<DatasetsAnswer>(['data']),
  dataset: (id: string) => at<DatasetAnswer>(['data', id]),
  images: (
    dataset: string,
    query: { readonly class?: number; readonly page: number; readonly size: number },
  ) => at<ImagesAnswer>(['data', dataset, 'images'], query),
  imagesAt: (dataset: string, index: readonly number[]) =>
    at<ImagesAnswer>(['data', dataset, 'images'], { index: index.join(',') }),
  duplicates: (dataset: string) => at<DuplicatesAnswer>(['data', dataset, 'duplicates']),
  suspects: (dataset: string, page: number, size: number) =>
    at<SuspectsAnswer>(['data', dataset, 'suspects'], { page, size }),
  dataFile: (dataset: string, name: string) => at<Uint8Array>(['data', dataset, 'files', name]),

  models: () => at<ModelsAnswer>(['models']),
  modelFile: (id: string) => at<Uint8Array>(['models', id, 'file']),
}

/** What the page listens to. */
export const streams = {
  recordIndex: (): EventStream<RecordIndexEvents> => ({
    ...at(['events']),
    types: ['contents', 'run', 'search', 'removed'],
    ends: [],
  }),
  run: (id: string): EventStream<RunEvents> => ({
    ...at(['runs', id, 'events']),
    types: [...runEventTypes, 'reset', 'removed', 'problem'],
    ends: ['finished', 'failed', 'removed', 'problem'],
  }),
  search: (id: string): EventStream<SearchEvents> => ({
    ...at(['searches', id, 'events']),
    types: ['trial', 'search', 'removed', 'problem'],
    ends: ['removed', 'problem'],
  }),
}
