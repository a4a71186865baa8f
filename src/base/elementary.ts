/**
 * Elementary functions from the four operations alone. Engines may differ in the last bit of `Math.log` and its
 * friends; whatever reaches a weight uses these, which are the same bits everywhere.
 */

const view = new DataView(new ArrayBuffer(8))
const LN2_HIGH = 0.69314718036912381649
const LN2_LOW = 1.90821492927058770002e-10

/** 1 / n for odd n up to 23: dividing costs more than looking up, and gives the same bits. */
const INVERSE = Float64Array.from({ length: 24 }, (_, n) => 1 / n)

/** Natural logarithm in float64, for finite x > 0; error below 2 ulp. Series of atanh around 1 (fdlibm's reduction). */
export function ln(x: number): number {
  view.setFloat64(0, x < 2.2250738585072014e-308 ? x * 2 ** 54 : x)
  let exponent = ((view.getUint32(0) >>> 20) & 0x7ff) - 1023 - (x < 2.2250738585072014e-308 ? 54 : 0)
  view.setUint32(0, (view.getUint32(0) & 0xfffff) | 0x3ff00000)
  let mantissa = view.getFloat64(0)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  const s = (mantissa - 1) / (mantissa + 1)
  const s2 = s * s
  let series = 0
  for (let odd = 23; odd >= 3; odd -= 2) series = (series + INVERSE[odd]) * s2
  return exponent * LN2_HIGH + (2 * s + (2 * s * series + exponent * LN2_LOW))
}

/** cos(π·t) in float64 for t in [0, 1]: Taylor series after folding to [0, ¼]; error below 1e-15. */
export function cosPi(t: number): number {
  if (t > 0.5) return -cosPi(1 - t)
  return t > 0.25 ? sineSeries(Math.PI * (0.5 - t)) : cosineSeries(Math.PI * t)
}

function sineSeries(x: number): number {
  let sum = 0
  for (let k = 19; k >= 3; k -= 2) sum = ((1 - sum) * x * x) / (k * (k - 1))
  return x * (1 - sum)
}

function cosineSeries(x: number): number {
  let sum = 0
  for (let k = 20; k >= 2; k -= 2) sum = ((1 - sum) * x * x) / (k * (k - 1))
  return 1 - sum
}

/** 2^k for whole k in [−1022, 1023], at k + 1022: exact, since halving and doubling are. */
const POWERS_OF_TWO = new Float64Array(2046)
for (let k = 0, power = 1; k <= 1022; k++, power /= 2) POWERS_OF_TWO[1022 - k] = power
for (let k = 1, power = 2; k <= 1023; k++, power *= 2) POWERS_OF_TWO[1022 + k] = power

/** 1 / n! for n from 0: the Taylor series of e^x. */
const INVERSE_FACTORIALS = new Float64Array(15)
for (let n = 0, factorial = 1; n < 15; n++, factorial *= n) INVERSE_FACTORIALS[n] = 1 / factorial

/** e^x; 0 below −708 and Infinity above 709. Relative error below 1e-15. */
export function exp(x: number): number {
  if (x < -708) return 0
  if (x > 709) return Infinity
  const k = Math.round(x / (LN2_HIGH + LN2_LOW))
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let series = INVERSE_FACTORIALS[14]
  for (let n = 13; n >= 0; n--) series = series * r + INVERSE_FACTORIALS[n]
  return series * POWERS_OF_TWO[k + 1022]
}
