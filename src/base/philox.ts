/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). A draw is a function of (key, counter):
 * nothing is remembered, so neither threads nor the order of calls can move a number.
 */

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16
  const aLow = a & 0xffff
  const bHigh = b >>> 16
  const bLow = b & 0xffff
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0
}

export type Words4 = [number, number, number, number]

/** Four unsigned 32-bit words for a counter of four words and a key of two. */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): Words4 {
  let [x0, x1, x2, x3, key0, key1] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0, k0 >>> 0, k1 >>> 0]
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, x0)
    const low0 = Math.imul(M0, x0) >>> 0
    const high1 = multiplyHigh(M1, x2)
    const low1 = Math.imul(M1, x2) >>> 0
    x0 = (high1 ^ x1 ^ key0) >>> 0
    x1 = low1
    x2 = (high0 ^ x3 ^ key1) >>> 0
    x3 = low0
    key0 = (key0 + W0) >>> 0
    key1 = (key1 + W1) >>> 0
  }
  return [x0, x1, x2, x3]
}
