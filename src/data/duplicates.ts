import type { LabeledImages } from './dataset.ts'

/** Images that are the same in every byte. */
export interface Duplicates {
  /** Positions of equal images, ascending; each group has at least two. */
  readonly groups: readonly (readonly number[])[]
  /** Images that could go without loss: all but the first of each group. */
  readonly surplus: number
  /** Groups whose images do not all carry the same label. */
  readonly conflicting: number
}

/** Finds exact duplicates: a 32-bit hash proposes, the bytes decide. */
export function findDuplicates({
  count,
  height,
  width,
  channels,
  pixels,
  labels,
}: LabeledImages): Duplicates {
  const size = height * width * channels
  const groupsByHash = new Map<number, number[][]>()
  for (let i = 0; i < count; i++) {
    const hash = hashBytes(pixels, i * size, size)
    const groups = groupsByHash.get(hash)
    if (groups === undefined) groupsByHash.set(hash, [[i]])
    else {
      const group = groups.find(([j]) => areEqual(pixels, i * size, j * size, size))
      if (group === undefined) groups.push([i])
      else group.push(i)
    }
  }
  const groups = [...groupsByHash.values()].flat().filter((group) => group.length > 1)
  return {
    groups,
    surplus: groups.reduce((sum, group) => sum + group.length - 1, 0),
    conflicting: groups.filter((group) => group.some((i) => labels[i] !== labels[group[0]])).length,
  }
}

/** FNV-1a. */
function hashBytes(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash
}

function areEqual(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false
  return true
}
