import type { Contender } from '../interleave.ts'
import { converse } from './converse.ts'

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

interface Said {
  readonly version?: string
  readonly seconds?: number
  readonly error?: string
}

/**
 * Starts a process that trains a network on request: it reads a number of steps a line and answers with the seconds
 * that they took. Between requests it waits, so that nothing of it runs while another is timed.
 */
export async function startPeer({ name, file, args, env }: Command): Promise<Peer> {
  const { child, say, next: nextLine } = converse(file, args, env)
  const next = async () => (await nextLine()) as Said
  const timer = setTimeout(() => child.kill(), LONGEST_START)
  try {
    const { version, error } = await next()
    if (error) throw new Error(error)
    return {
      name,
      version: version ?? name,
      async run(steps) {
        say(`${steps}`)
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
