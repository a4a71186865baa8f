import type { Objective, Pool } from './pool.ts'
import { runTrial } from './run-trial.ts'

/** Trials in this process, side by side as far as they wait for something: for functions that compute little. */
export function inProcessPool(objective: Objective, workers = 1): Pool {
  const controller = new AbortController()
  const busy = new Set<number>()
  return {
    workers,
    run(task, report) {
      const worker = Array.from({ length: workers }, (_, i) => i).find((i) => !busy.has(i))
      if (worker === undefined) throw new Error('All workers are busy.')
      busy.add(worker)
      const { signal } = controller
      const outcome = runTrial(objective, task, { report, signal }).finally(() => busy.delete(worker))
      return { worker, outcome }
    },
    interrupt: () => controller.abort(),
    close: async () => {},
  }
}
