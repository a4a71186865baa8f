import { InputError, messageOf } from '../../base/errors.ts'
import type { Json } from '../journal/operations.ts'
import type { FromWorker, ObjectiveSource, ToWorker } from './messages.ts'
import type { Objective, Task, Verdict } from './pool.ts'
import { runTrial } from './run-trial.ts'

/**
 * A worker process: opens the objective once, then runs one trial after another. Ctrl-C goes to the search, which asks
 * the workers to stop; a worker whose search is gone ends at once.
 */

const send = (message: FromWorker) => process.send?.(message)
const controller = new AbortController()
const verdicts = new Map<number, (verdict: Verdict) => void>()
let objective: Objective | undefined

async function open({ module, argument }: ObjectiveSource): Promise<void> {
  try {
    const { default: make } = (await import(module)) as { default: (argument: Json) => Promise<Objective> }
    objective = await make(argument)
    send({ type: 'opened' })
  } catch (error) {
    send({ type: 'refused', message: messageOf(error), isInput: error instanceof InputError })
  }
}

async function run(task: Task): Promise<void> {
  const report = (step: number, value: number) =>
    new Promise<Verdict>((resolve) => {
      verdicts.set(step, resolve)
      send({ type: 'report', number: task.number, step, value })
    })
  const outcome = await runTrial(objective!, task, { report, signal: controller.signal })
  verdicts.clear()
  send({ type: 'ended', number: task.number, outcome })
}

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'open':
      void open(message.source)
      break
    case 'trial':
      void run(message.task)
      break
    case 'verdict':
      verdicts.get(message.step)?.(message.verdict)
      verdicts.delete(message.step)
      break
    case 'interrupt':
      controller.abort()
      break
    default:
      message satisfies never
  }
})
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
