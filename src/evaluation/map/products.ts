/** Points in a space of many dimensions: numbers of shape [count, dimensions]. */
export interface Points {
  readonly count: number
  readonly dimensions: number
  readonly values: ArrayLike<number>
}

/** Points that are worked on together, so that what is read of them stays in the processor's caches. */
const BLOCK = 16

/** The points with their mean moved to the origin. */
function centered({ count, dimensions, values }: Points): Float64Array {
  const mean = new Float64Array(dimensions)
  for (let i = 0; i < count * dimensions; i++) mean[i % dimensions] += values[i] / count
  return Float64Array.from({ length: count * dimensions }, (_, i) => values[i] - mean[i % dimensions])
}

/** Scalar products of all centered points with each other: a symmetric matrix of shape [count, count], in float64. */
export function centeredProducts(points: Points): Float64Array {
  const { count, dimensions } = points
  const x = centered(points)
  const products = new Float64Array(count * count)
  const dot = (i: number, j: number) => {
    const [a, b] = [i * dimensions, j * dimensions]
    let [even, odd] = [0, 0]
    let k = 0
    for (; k + 1 < dimensions; k += 2) {
      even += x[a + k] * x[b + k]
      odd += x[a + k + 1] * x[b + k + 1]
    }
    return even + odd + (k < dimensions ? x[a + k] * x[b + k] : 0)
  }
  for (let block = 0; block < count; block += BLOCK) {
    for (let j = block; j < count; j++) {
      for (let i = block; i < Math.min(block + BLOCK, j + 1); i++) {
        products[i * count + j] = dot(i, j)
        products[j * count + i] = products[i * count + j]
      }
    }
  }
  return products
}
