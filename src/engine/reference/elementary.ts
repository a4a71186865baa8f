import type { Round } from './context.ts'

/**
 * exp, ln and tanh in float32, after Moshier's Cephes library (expf, logf, tanhf): the four operations, each rounded,
 * in an order that the C sources repeat. In float64 (gradient checks) they are the engine's own.
 */
export interface Elementary {
  /** e^x for x ≤ 0; exactly 0 below −69, where the result would leave the range that training keeps (2⁻¹⁰⁰). */
  readonly exp: (x: number) => number
  /** Natural logarithm for x ≥ 1. */
  readonly ln: (x: number) => number
  readonly tanh: (x: number) => number
}

const bits = new DataView(new ArrayBuffer(4))
const MAGIC = 12582912 // 1.5·2²³: adding and subtracting it rounds to a whole number, ties to even

/** 2^n as a float32, for −126 ≤ n ≤ 127. */
function powerOfTwo(n: number): number {
  bits.setInt32(0, (n + 127) << 23)
  return bits.getFloat32(0)
}

const f = Math.fround
const LOG2E = f(Math.LOG2E)
const LN2_HIGH = f(0.693359375)
const LN2_LOW = f(-2.1219444e-4)
const EXP = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(f)
const LN = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f)
const TANH = [
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
].map(f)
const SQRT_HALF = f(Math.SQRT1_2)
const TANH_SERIES = f(0.625)

/** Horner's rule, from the highest coefficient: ((c₀·x + c₁)·x + …). */
function horner(c: readonly number[], x: number): number {
  let sum = c[0]
  for (let i = 1; i < c.length; i++) sum = f(f(sum * x) + c[i])
  return sum
}

function exp32(x: number): number {
  if (x < -69) return 0
  const n = f(f(f(x * LOG2E) + MAGIC) - MAGIC)
  const r = f(f(x - f(n * LN2_HIGH)) - f(n * LN2_LOW))
  const series = f(f(f(horner(EXP, r) * f(r * r)) + r) + 1)
  return f(series * powerOfTwo(n))
}

function ln32(x: number): number {
  if (Number.isNaN(x)) return x
  bits.setFloat32(0, x)
  const word = bits.getInt32(0)
  let exponent = ((word >> 23) & 0xff) - 126
  bits.setInt32(0, (word & 0x7fffff) | 0x3f000000)
  let mantissa = bits.getFloat32(0) // in [½, 1)
  if (mantissa < SQRT_HALF) {
    exponent -= 1
    mantissa = f(mantissa + mantissa)
  }
  const r = f(mantissa - 1)
  const square = f(r * r)
  let tail = f(f(horner(LN, r) * r) * square)
  tail = f(tail + f(exponent * LN2_LOW))
  tail = f(tail - f(0.5 * square))
  return f(f(r + tail) + f(exponent * LN2_HIGH))
}

function tanh32(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude < TANH_SERIES) {
    const square = f(x * x)
    return f(f(f(horner(TANH, square) * square) * x) + x)
  }
  const e = exp32(f(-2 * magnitude))
  const y = f(f(1 - e) / f(1 + e))
  return x < 0 ? -y : y
}

const float32: Elementary = { exp: exp32, ln: ln32, tanh: tanh32 }
const float64: Elementary = { exp: Math.exp, ln: Math.log, tanh: Math.tanh }

/** The functions that go with a rounding. */
export const elementary = (round: Round): Elementary => (round === Math.fround ? float32 : float64)
