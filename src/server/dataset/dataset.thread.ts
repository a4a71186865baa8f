import { workerData } from 'node:worker_threads'
import { loadDataset, parseSource } from '../../data/source.ts'
import { processSurroundings } from '../../data/surroundings.ts'
import { answer } from '../threads/answer.ts'
import type { Handlers } from '../threads/thread.ts'
import { questions } from './questions.ts'

type Questions = typeof questions
type Rest<F> = F extends (first: never, ...rest: infer R) => unknown ? R : never
/** The questions as they are asked of a thread, which holds the dataset itself. */
export type DatasetHandlers = {
  readonly [Name in keyof Questions]: (...args: Rest<Questions[Name]>) => ReturnType<Questions[Name]>
}

const refused = () => Promise.reject(new Error('A server downloads nothing.'))
const surroundings = { ...processSurroundings(), fetch: refused as typeof fetch }
const dataset = loadDataset(parseSource(workerData as string), { surroundings })
dataset.catch(() => {}) // told to whoever asks

answer(
  Object.fromEntries(
    Object.entries(questions).map(([name, question]) => [
      name,
      async (...args: unknown[]) => (question as (...all: unknown[]) => unknown)(await dataset, ...args),
    ]),
  ) satisfies Handlers,
)
