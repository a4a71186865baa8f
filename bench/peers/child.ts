import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Contender } from '../interleave.ts'

/** A network as peers build it: dense layers, or 3×3 convolutions with 2×2 pooling, of these widths, then ten classes. */
export interface PeerNetwork {
  readonly name: string
  readonly kind: 'mlp' | 'cnn'
  readonly widths: readonly number[]
  readonly batch: number
}

/** A peer that answered: it can be timed. */
export interface Peer extends Contender {
  /** What it says it is: `PyTorch 1.13.0`. */
  readonly version: string
}

export interface Command {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

const LONGEST_START = 120_000

/** The next line of a child's output; throws with what it said on standard error when it ends instead. */
async function nextLine(lines: AsyncIterator<string>, child: ChildProcess, complaint: () => string) {
  const { value, done } = await lines.next()
  if (!done) return JSON.parse(value) as { version?: string; seconds?: number; error?: string }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  throw new Error(complaint().trim().split('\n').at(-1) || 'it ended without a word')
}

/**
 * Starts a process that trains a network on request: it reads a number of steps a line and answers with the seconds
 * that they took. Between requests it waits, so that nothing of it runs while another is timed.
 */
export async function startPeer({ name, file, args, env }: Command): Promise<Peer> {
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
  const next = () => nextLine(lines, child, () => complaint)
  const timer = setTimeout(() => child.kill(), LONGEST_START)
  try {
    const { version, error } = await next()
    if (error) throw new Error(error)
    return {
      name,
      version: version ?? name,
      async run(steps) {
        child.stdin.write(`${steps}\n`)
        const { seconds } = await next()
        return 1000 * (seconds ?? Number.NaN)
      },
      close: () => child.kill(),
    }
  } catch (error) {
    child.kill()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
