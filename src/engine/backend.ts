import type { Plan } from './program.ts'

export type BackendName = 'native' | 'wasm' | 'definition'
/** `strict` rounds every product and every sum; `fused` lets dense and convolution layers fuse them. */
export type Arithmetic = 'strict' | 'fused'

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

export interface SessionOptions {
  readonly arithmetic: Arithmetic
  /** Threads that share the work; the bits do not depend on it. */
  readonly threads: number
}

/** One implementation of the contract. */
export interface Backend {
  readonly name: BackendName
  /** The processor variant that was chosen: `avx512`, `avx2`, `neon`, `baseline`, `simd128`, `typescript`. */
  readonly variant: string
  readonly arithmetics: readonly Arithmetic[]
  open(plan: Plan, options: SessionOptions): Session
}
