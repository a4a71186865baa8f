import { messageOf } from '../../base/errors.ts'
import type { Objective, Outcome, Task, TrialContext } from './pool.ts'

const failed = (message: string): Outcome => ({ type: 'failed', reason: 'error', message, attributes: {} })

const types: readonly unknown[] = ['complete', 'pruned', 'failed', 'interrupted'] satisfies Outcome['type'][]

/** Calls an objective. Whatever it throws, at once or later, and whatever it returns that is no outcome, makes a failed trial. */
export async function runTrial(
  objective: Objective,
  task: Task,
  context: Pick<TrialContext, 'report' | 'signal'>,
): Promise<Outcome> {
  try {
    const outcome: Outcome | null | undefined = await objective(task.point, { ...task, ...context })
    if (types.includes(outcome?.type)) return outcome as Outcome
    return failed(
      `The objective returned ${outcome === undefined ? 'nothing' : 'something that is no outcome'}.`,
    )
  } catch (error) {
    return failed(messageOf(error))
  }
}
