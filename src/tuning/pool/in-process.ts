import type { Objective, Outcome, Pool } from './pool.ts'

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
      const outcome = objective(task.point, { ...task, report, signal: controller.signal })
        .catch(
          (error: unknown): Outcome => ({
            type: 'failed',
            reason: 'error',
            message: error instanceof Error ? error.message : String(error),
            attributes: {},
          }),
        )
        .finally(() => busy.delete(worker))
      return { worker, outcome }
    },
    interrupt: () => controller.abort(),
    close: async () => {},
  }
}
