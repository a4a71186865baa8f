/**
 * exp and the normal distribution from the four operations alone, in float64: what a sampler decides must be the same on
 * every machine, and engines may differ in the last bit of `Math.exp`.
 */

const LN2_HIGH = 0.69314718036912381649
const LN2_LOW = 1.90821492927058770002e-10
const view = new DataView(new ArrayBuffer(8))

/** 2^k for whole k in [−1022, 1023], put together from its bits. */
function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20)
  view.setUint32(4, 0)
  return view.getFloat64(0)
}

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
  return series * powerOfTwo(k)
}

const numerator = [
  220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688,
  0.0352624965998911,
]
const denominator = [
  440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207,
  1.75566716318264, 0.0883883476483184,
]

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]
  return sum
}

/** The standard normal distribution function (Hart 1968 as given by West, "Better approximations to cumulative normal functions", 2005). */
export function normalCdf(x: number): number {
  const z = Math.abs(x)
  if (z > 37) return x > 0 ? 1 : 0
  const density = exp((-z * z) / 2)
  let tail: number
  if (z < 7.07106781186547) tail = (density * polynomial(numerator, z)) / polynomial(denominator, z)
  else tail = density / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / 2.506628274631
  return x > 0 ? 1 - tail : tail
}
