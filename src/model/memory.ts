import { type Shape, type Tensor, volume } from './layer.ts'

/** Places begin on a cache line (16 words), so that vector loads do not straddle two. */
export const ALIGNMENT = 16

/** Hands out places in a session's memory, one after another. */
export interface Memory {
  place(shape: Shape, batched: boolean): Tensor
  /** Words handed out so far. */
  readonly used: number
  /** Begins again at a place: programs run one after another, so their scratch may share words. */
  rewind(offset: number): void
}

/** A memory for batches of up to `batch` examples. */
export function planMemory(batch: number): Memory {
  let next = 0
  return {
    place(shape, batched) {
      const length = volume(shape)
      const tensor = { offset: next, length, batched, shape }
      next += Math.ceil((length * (batched ? batch : 1)) / ALIGNMENT) * ALIGNMENT
      return tensor
    },
    get used() {
      return next
    },
    rewind(offset) {
      next = offset
    },
  }
}
