import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { key, normals } from '../../base/random.ts'
import { pca } from './pca.ts'
import { centeredProducts } from './products.ts'
import { umap } from './umap.ts'

interface Oracle {
  readonly cases: readonly {
    readonly count: number
    readonly dimensions: number
    readonly explained: readonly number[]
    readonly scores: readonly number[]
  }[]
}
// Values of scikit-learn; test/oracles/pca.py made them and says how.
const oracle = JSON.parse(
  readFileSync(new URL('../../../test/oracles/pca.json', import.meta.url), 'utf8'),
) as Oracle

/** The formula of the script: numbers in [−½, ½). */
const noise = (count: number, salt: number) =>
  Float32Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(
      Math.imul(i + 1, 2654435761 | 0) ^ Math.imul(salt, 2246822519 | 0),
      3266489917 | 0,
    )
    return (mixed >>> 0) / 2 ** 32 - 0.5
  })

describe('principal components', () => {
  test.each(oracle.cases)('of $count points in $dimensions dimensions are scikit-learn’s', (expected) => {
    const { count, dimensions } = expected
    const values = Float64Array.from(
      noise(count * dimensions, oracle.cases.indexOf(expected)),
      (x, i) => x * (1 + ((i % dimensions) % 7)) + 3,
    )
    const products = centeredProducts({ count, dimensions, values })
    const { scores, explained } = pca(products, count, 3, key(1))
    expected.explained.forEach((share, i) => {
      expect(explained[i]).toBeCloseTo(share, 12)
    })
    expected.scores.forEach((score, i) => {
      expect(scores[i]).toBeCloseTo(score, 6)
    })
  })

  test('points on a line have one component, points that are all the same have none', () => {
    const line = centeredProducts({ count: 3, dimensions: 2, values: [1, 1, 2, 2, 3, 3] })
    expect(pca(line, 3, 2, key(1)).explained[0]).toBeCloseTo(1, 12)
    expect(pca(line, 3, 2, key(1)).explained[1]).toBeCloseTo(0, 12)
    const same = centeredProducts({ count: 4, dimensions: 2, values: [5, 5, 5, 5, 5, 5, 5, 5] })
    const none = pca(same, 4, 2, key(1))
    expect(none.explained).toEqual([0, 0])
    expect(none.scores.every((score) => Math.abs(score) === 0)).toBe(true)
  })
})

/** Three clouds in ten dimensions, far from each other. */
function clouds(each: number) {
  const values = normals(key(3), 3 * each * 10).map(
    (x, i) => x + (i % 10 === Math.floor(i / 10 / each) ? 20 : 0),
  )
  return centeredProducts({ count: 3 * each, dimensions: 10, values })
}

describe('UMAP', () => {
  const map = (seed: number) => umap(clouds(30), 90, key(seed), { epochs: 100 })
  test('draws clouds apart: the nearest point on the map is of the same cloud', () => {
    const places = map(1)
    const distance = (i: number, j: number) =>
      Math.hypot(places[2 * i] - places[2 * j], places[2 * i + 1] - places[2 * j + 1])
    const all = Array.from({ length: 90 }, (_, i) => i)
    const nearest = all.map((i) =>
      all.filter((j) => j !== i).reduce((a, b) => (distance(i, b) < distance(i, a) ? b : a)),
    )
    expect(nearest.map((j) => Math.floor(j / 30))).toEqual(all.map((i) => Math.floor(i / 30)))
  })
  test('draws the same map from the same key', () => {
    expect(map(1)).toEqual(map(1))
    expect(map(2)).not.toEqual(map(1))
  })
})
