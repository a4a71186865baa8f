import { type Place, type Program, span } from '../engine/program.ts'
import { ALIGNMENT } from './memory.ts'

/** What a program keeps in one place, from the first instruction that touches it to the last. */
interface Buffer {
  readonly offset: number
  words: number
  first: number
  last: number
}

export interface Shared {
  readonly program: Program
  /** Words up to the end of what the program uses. */
  readonly words: number
  /** Where a tensor of the program lies now. */
  move<P extends Place>(place: P): P
}

/**
 * Lets the scratch of a program, which begins at `base` with a place of its own for every tensor, lie in memory that others
 * no longer need: the largest buffer first, each at the lowest offset where none is alive with it (Pisarchyk and Lee,
 * "Efficient memory management for deep neural net inference", 2020, greedy by size). No bit depends on where a tensor
 * lies. `kept` are the tensors that somebody reads after the program.
 */
export function shareMemory(
  program: Program,
  { base, batch, kept }: { readonly base: number; readonly batch: number; readonly kept: readonly Place[] },
): Shared {
  const placed: { readonly buffer: Buffer; readonly from: number; readonly to: number }[] = []
  const moved = new Map<number, number>()
  for (const buffer of buffersOf(program, base, batch, kept)) {
    const size = Math.ceil(buffer.words / ALIGNMENT) * ALIGNMENT
    const together = placed.filter((p) => p.buffer.first <= buffer.last && buffer.first <= p.buffer.last)
    let from = base
    for (const other of together.sort((a, b) => a.from - b.from)) {
      if (from + size <= other.from) break
      from = Math.max(from, other.to)
    }
    placed.push({ buffer, from, to: from + size })
    moved.set(buffer.offset, from)
  }
  const move = <P extends Place>(place: P): P => ({
    ...place,
    offset: moved.get(place.offset) ?? place.offset,
  })
  return {
    program: program.map((step) => ({
      ...step,
      operands: Object.fromEntries(Object.entries(step.operands).map(([name, place]) => [name, move(place)])),
    })),
    words: Math.max(base, ...placed.map(({ to }) => to)),
    move,
  }
}

/** The scratch of a program with its lifetimes, the largest first. */
function buffersOf(program: Program, base: number, batch: number, kept: readonly Place[]): Buffer[] {
  const buffers = new Map<number, Buffer>()
  program.forEach(({ operands }, i) => {
    for (const place of Object.values(operands)) {
      if (place.offset < base) continue
      const words = span(place, batch)
      const known = buffers.get(place.offset)
      if (known === undefined) buffers.set(place.offset, { offset: place.offset, words, first: i, last: i })
      else {
        known.words = Math.max(known.words, words)
        known.last = i
      }
    }
  })
  for (const { offset } of kept) {
    const buffer = buffers.get(offset)
    if (buffer !== undefined) buffer.last = program.length
  }
  return [...buffers.values()].sort((a, b) => b.words - a.words || a.offset - b.offset)
}
