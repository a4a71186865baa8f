import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { chooseBackend } from '../src/engine/choose.ts'
import { environment } from '../src/record/environment.ts'
import type { InferenceResult } from './inference.ts'
import type { KernelResult } from './kernels.ts'
import type { NetworkResult } from './networks.ts'
import type { Options } from './options.ts'

/** One run of the benchmark: a line of history.jsonl. */
export interface BenchRun {
  readonly date: string
  readonly quick: boolean
  readonly rounds: number
  readonly environment: ReturnType<typeof environment>
  readonly variant: string
  /** Processes that wanted to run, on average over a minute, as it began: more than a few tenths disturb. */
  readonly load: number
  readonly networks: readonly NetworkResult[]
  readonly kernels: readonly KernelResult[]
  readonly inference: readonly InferenceResult[]
}

const file = new URL('history.jsonl', import.meta.url)

/** A run that has measured nothing yet. */
export function beginRun({ quick, pace }: Options): Omit<BenchRun, 'networks' | 'kernels' | 'inference'> {
  return {
    date: new Date().toISOString(),
    quick,
    rounds: pace.rounds,
    environment: environment(),
    variant: chooseBackend().backend.variant,
    load: os.loadavg()[0],
  }
}

export const appendRun = (run: BenchRun) => appendFileSync(file, `${JSON.stringify(run, fourDigits)}\n`)

/** Measured numbers to four digits: the others are noise. */
const fourDigits = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

/** All runs, the oldest first. */
export function readRuns(): BenchRun[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as BenchRun)
}
