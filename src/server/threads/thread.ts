import { Worker } from 'node:worker_threads'
import { type ErrorParts, InputError } from '../../base/errors.ts'
import { TooLargePictureError } from '../../pictures/decode-picture.ts'
import { typeScriptLoader } from '../../tuning/typescript.ts'

/** What a thread can be asked, by name. Arguments and answers are data, as `structuredClone` takes them. */
// biome-ignore lint/suspicious/noExplicitAny: each handler has its own arguments
export type Handlers = Readonly<Record<string, (...args: any[]) => unknown>>

/** A question on its way to a thread. */
export interface Question {
  readonly number: number
  readonly name: string
  readonly args: readonly unknown[]
}

/** What a thread says of a question: a value, or what is wrong. */
export interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly refused?: ErrorParts & { readonly isTooLarge: boolean }
  /** The stack of any other error. */
  readonly failed?: string
}

/** A thread that answers questions: what takes long is done there, and the server's own thread goes on answering. */
export interface Thread<H extends Handlers> {
  /** Asks, and hands over the memory of `transferred`. Rejects with what the handler threw, or because the thread died. */
  ask<Name extends keyof H & string>(
    name: Name,
    args: Parameters<H[Name]>,
    transferred?: readonly ArrayBuffer[],
  ): Promise<Awaited<ReturnType<H[Name]>>>
  readonly isAlive: boolean
  /** Ends it; what it was asked and has not answered is rejected. */
  close(): Promise<void>
}

interface Asked {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Starts a thread on a module that calls `answer`; `data` is its `workerData`. The module is named without its ending. */
export function startThread<H extends Handlers>(module: string, base: string, data?: unknown): Thread<H> {
  const loader = base.endsWith('.ts') ? typeScriptLoader() : undefined
  const worker = new Worker(new URL(`${module}${base.slice(-3)}`, base), {
    workerData: data,
    ...(loader !== undefined && { execArgv: ['--import', loader] }),
  })
  const asked = new Map<number, Asked>()
  let isAlive = true
  let last = 0

  const end = (cause: Error) => {
    isAlive = false
    for (const { reject } of asked.values()) reject(cause)
    asked.clear()
  }
  worker.on('message', ({ number, value, refused, failed }: Answer) => {
    const waiting = asked.get(number)
    asked.delete(number)
    if (refused !== undefined) waiting?.reject(refusal(refused))
    else if (failed !== undefined) waiting?.reject(new Error(`In a thread: ${failed}`))
    else waiting?.resolve(value)
  })
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`A thread ended (${code}).`)))

  return {
    get isAlive() {
      return isAlive
    },
    ask: (name, args, transferred = []) =>
      new Promise((resolve, reject) => {
        if (!isAlive) return reject(new Error('A thread has ended.'))
        last += 1
        asked.set(last, { resolve: resolve as Asked['resolve'], reject })
        worker.postMessage({ number: last, name, args } satisfies Question, transferred)
      }),
    async close() {
      await worker.terminate()
    },
  }
}

const refusal = ({ isTooLarge, ...parts }: NonNullable<Answer['refused']>) =>
  isTooLarge ? new TooLargePictureError(parts) : new InputError(parts)
