import { z } from 'zod'
import type { Plan } from './program.ts'

/** More would wait for each other. */
export const MOST_THREADS = 64

/** Where and how a network computes, as data: flags, settings and records are made of it. */
export const engineSpec = z.object({
  /** `definition` is what `reference` was called before; it is still understood. */
  backend: z.enum(['native', 'wasm', 'reference', 'definition']),
  /** `strict` rounds every product and every sum; `fused` lets dense and convolution layers fuse them. */
  arithmetic: z.enum(['strict', 'fused']),
  /** Threads that share the work; the bits do not depend on it. */
  threads: z.number().int().min(1).max(MOST_THREADS),
})
export type EngineSpec = Readonly<z.infer<typeof engineSpec>>
export type BackendName = EngineSpec['backend']
export type Arithmetic = EngineSpec['arithmetic']
/** What a person may ask for; whatever is left out is chosen for the machine. */
export type EngineChoice = { readonly [Name in keyof EngineSpec]?: EngineSpec[Name] | undefined }
/** Where and how a network computes. */
export type Engine = Omit<EngineSpec, 'backend'> & { readonly backend: Backend }

/** Whole numbers that the host writes before a run. */
export const REGISTERS = {
  /** Live examples: 1 to the plan's batch. */
  count: 0,
  /** Where in `order` the batch begins. */
  position: 1,
  /** The training step, from 0, which keys what is drawn at random. */
  step: 2,
  /** The epoch, from 1, which keys augmentation. */
  epoch: 3,
  words: 4,
} as const

/** Arrays that live outside a session's memory and that `gather` reads. */
export interface Slots {
  /** Bytes of shape [images, pixels]. */
  readonly images: Uint8Array
  /** One class number an image; where there are none, `gather` writes −1. */
  readonly labels?: Uint8Array
  /** Image numbers in the order in which batches take them. It may be rewritten in place between runs. */
  readonly order: Int32Array
}

/** Memory and programs of one network; it holds a resource until it is closed. */
export interface Session {
  /** The memory: float32 words (float64 in gradient checks). Read it anew after `bind` and `run`: a backend may move it. */
  readonly floats: Float32Array | Float64Array
  readonly registers: Int32Array
  /** Names the arrays that `gather` reads from now on. Wasm copies images and labels now, `order` at every run. */
  bind(slots: Slots): void
  /** Runs one program of the plan to its end. Throws when a register or a label is out of range. */
  run(program: string): void
  close(): void
}

export type SessionOptions = Omit<EngineSpec, 'backend'>

/** One implementation of the contract. */
export interface Backend {
  readonly name: BackendName
  /** The processor variant that was chosen: `avx512`, `avx2`, `neon`, `baseline`, `simd128`, `typescript`. */
  readonly variant: string
  readonly arithmetics: readonly Arithmetic[]
  open(plan: Plan, options: SessionOptions): Session
}
