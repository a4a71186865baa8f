import { expect } from 'vitest'

/**
 * Typed arrays of one kind are equal where their bytes are: what equals by this is equal to Vitest too, which goes over
 * the elements one by one and takes seconds for an image. Where bytes differ it finds the place, or the two kinds of NaN.
 */
function haveEqualBytes(a: unknown, b: unknown): true | undefined {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a.byteLength !== b.byteLength) return undefined
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 || undefined
}

const bytesOf = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength)

expect.addEqualityTesters([haveEqualBytes])
