import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that answers a line with a line. */
export interface Conversation {
  readonly child: ChildProcess
  /** Sends a line. */
  say(line: string): void
  /** The next line of its output, as JSON; throws with what it said on standard error when it ends instead. */
  next(): Promise<unknown>
}

export function converse(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Conversation {
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.on('error', (error) => {
    complaint += error.message
  })
  child.stderr.on('data', (text) => {
    complaint = (complaint + text).slice(-2000)
  })
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    say: (line) => void child.stdin.write(`${line}\n`),
    async next() {
      const { value, done } = await lines.next()
      if (!done) return JSON.parse(value)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
      throw new Error(complaint.trim().split('\n').at(-1) || 'it ended without a word')
    },
  }
}
