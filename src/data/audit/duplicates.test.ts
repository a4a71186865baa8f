import { describe, expect, test } from 'vitest'
import { key, words } from '../../base/random.ts'
import { watch } from '../../base/watch.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { assemble } from '../assemble.ts'
import type { Dataset, LabeledImages } from '../dataset.ts'
import { drawSilhouettes } from '../silhouettes/silhouettes.ts'
import { loadDataset, parseSource } from '../source.ts'
import { split } from '../split.ts'
import { auditDuplicates, type DuplicateAudit, type DuplicateOptions, type NearPair } from './duplicates.ts'
import { picturesOf } from './show.ts'

const calculator = chooseBackend()
const { ATELIER_DATA, ATELIER_LONG_TESTS } = process.env
const isLong = ATELIER_LONG_TESTS === '1' && ATELIER_DATA !== undefined

/** Whole numbers in [0, bound). */
const draw = (purpose: string, count: number, bound: number) =>
  Uint32Array.from(words(key(5).child(purpose), new Uint32Array(count)), (word) => word % bound)

/** Noise of every gray level. */
function noise(purpose: string, count: number, [height, width, channels] = [28, 28, 1]): LabeledImages {
  const pixels = Uint8Array.from(draw(purpose, count * height * width * channels, 256))
  return {
    count,
    height,
    width,
    channels,
    pixels,
    labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
  }
}

/** A copy of an image with noise of ±3 gray levels in place of another one. */
function plant(images: LabeledImages, from: number, to: LabeledImages, at: number, level = 3) {
  const size = images.height * images.width * images.channels
  const shifts = draw(`${from} to ${at}`, size, 2 * level + 1)
  for (let p = 0; p < size; p++) {
    to.pixels[at * size + p] = Math.min(255, Math.max(0, images.pixels[from * size + p] + shifts[p] - level))
  }
}

const set = (train: LabeledImages, test: LabeledImages): Dataset =>
  assemble({ source: 'planted', title: 'Planted', classNames: [...'0123456789'], train, test })

async function audit(dataset: Dataset, options: Partial<DuplicateOptions> = {}): Promise<DuplicateAudit> {
  const parts = split(dataset.train, { validation: 0.2, seed: 1 })
  const found = await watch(auditDuplicates(dataset, parts, { calculator, ...options }), () => {})
  return found!
}

const named = ({ a, b }: NearPair) =>
  [a, b].map(({ split: part, index }) => `${part === 'test' ? 'test' : 'file'} ${index}`).join(' ~ ')

describe('fifty planted near-duplicates', () => {
  const [train, test_] = [noise('train', 1500), noise('test', 400)]
  const planted: string[] = []
  for (let i = 0; i < 50; i++) {
    const [from, at] = [7 * i, i < 25 ? 1000 + 11 * i : 8 * i]
    plant(train, from, i < 25 ? train : test_, at)
    planted.push(`file ${from} ~ ${i < 25 ? 'file' : 'test'} ${at}`)
  }
  const dataset = set(train, test_)

  test('are all found among noise, and none is invented', async () => {
    const { pairs, counts, groups } = await audit(dataset)
    expect(pairs.map(named).sort()).toEqual(planted.sort())
    expect(counts.reduce((sum, { near }) => sum + near, 0)).toBe(50)
    expect(groups).toHaveLength(50)
    for (const { distance } of pairs) expect(distance).toBeGreaterThan(1.5)
  })

  test('are what a test image resembles most', async () => {
    const { nearest } = await audit(dataset)
    for (let i = 25; i < 50; i++) expect(nearest![8 * i].train).toBe(7 * i)
  })

  test('are shown in pairs', async () => {
    const { pairs } = await audit(dataset)
    const bytes = picturesOf(dataset, pairs.slice(0, 1))
    const [a, b] = [bytes.subarray(0, 784), bytes.subarray(784)]
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThanOrEqual(3)
  })

  test('are the same on every backend, in either arithmetic, on any number of threads', async () => {
    const small = set(
      {
        ...train,
        count: 1100,
        pixels: train.pixels.slice(0, 1100 * 784),
        labels: train.labels.slice(0, 1100),
      },
      { ...test_, count: 60, pixels: test_.pixels.slice(0, 60 * 784), labels: test_.labels.slice(0, 60) },
    )
    const first = await audit(small)
    for (const engine of [
      chooseBackend({ threads: 3, arithmetic: 'strict', backend: 'native' }),
      chooseBackend({ backend: 'wasm' }),
    ]) {
      const other = await audit(small, { calculator: engine })
      expect(other).toEqual(first)
    }
  })
})

describe.runIf(isLong)('fifty planted near-duplicates in Fashion-MNIST', () => {
  test('are found beside its own', async () => {
    const dataset = await loadDataset(parseSource('fashion-mnist'))
    const { train } = dataset
    const before = (await audit(dataset, { nearest: false })).pairs.map(named)
    const taken = new Set(before.flatMap((pair) => pair.match(/\d+/g)!.map(Number)))
    const free = Array.from({ length: 60_000 }, (_, i) => i).filter((i) => !taken.has(i))
    const planted: string[] = []
    for (let i = 0; i < 50; i++) {
      const [from, at] = [free[500 * i], free[500 * i + 30_000]]
      plant(train, from, train, at)
      planted.push(`file ${from} ~ file ${at}`)
    }
    const found = (await audit(dataset, { nearest: false })).pairs.map(named)
    expect(found).toEqual(expect.arrayContaining([...before, ...planted]))
    console.info(`${before.length} pairs of its own, ${found.length} with those planted`)
  }, 300_000)
})

describe('distances', () => {
  test.each([
    ['gray images', [9, 7, 1]],
    ['images of more values than a sum of float32 can hold', [40, 31, 3]],
    ['bright images', [32, 32, 1]],
  ] as const)('of %s are those of whole numbers', async (name, sizes) => {
    const [train, test_] = [noise(name, 40, [...sizes]), noise(`${name}, test`, 20, [...sizes])]
    if (name === 'bright images')
      for (const { pixels } of [train, test_])
        pixels.forEach((p, i) => {
          pixels[i] = p < 128 ? 0 : 255
        })
    const size = sizes[0] * sizes[1] * sizes[2]
    const distance = (i: number, j: number) => {
      let sum = 0
      for (let p = 0; p < size; p++) sum += (test_.pixels[i * size + p] - train.pixels[j * size + p]) ** 2
      return Math.sqrt(sum / size)
    }
    for (const engine of [calculator, chooseBackend({ backend: 'definition' })]) {
      const { nearest } = await audit(set(train, test_), { calculator: engine })
      nearest!.forEach(({ train: j, distance: found }, i) => {
        const all = Array.from({ length: 40 }, (_, other) => distance(i, other))
        expect(found).toBe(Math.min(...all))
        expect(j).toBe(all.indexOf(found))
      })
    }
  })

  test('decide which pairs are told, as looking at each pair does', async () => {
    const train = noise('close', 120)
    for (let i = 1; i < 120; i++) plant(train, 0, train, i, 2 + (i % 20))
    const squared = (i: number, j: number) => {
      let sum = 0
      for (let p = 0; p < 784; p++) sum += (train.pixels[i * 784 + p] - train.pixels[j * 784 + p]) ** 2
      return sum
    }
    const pairs = Array.from({ length: 120 }, (_, i) =>
      Array.from({ length: i }, (_, j) => squared(i, j)),
    ).flat()
    const expected = pairs.filter((one) => one <= 10 ** 2 * 784)
    expect(expected.length).toBeGreaterThan(1000)
    expect(expected.length).toBeLessThan(pairs.length - 1000)
    const found = await audit(set(train, noise('close, test', 2)))
    expect(found.pairs.map(({ distance }) => distance)).toEqual(
      expected.sort((a, b) => a - b).map((one) => Math.sqrt(one / 784)),
    )
  })

  test('equal to the threshold count', async () => {
    const train = noise('edge', 20, [1, 4, 1])
    train.pixels.fill(200)
    train.pixels.forEach((_, p) => {
      train.pixels[p] = Math.floor(p / 4) * 7
    })
    const { counts } = await audit(set(train, noise('far', 2, [1, 4, 1])), { threshold: 7, nearest: false })
    const within = counts.filter(({ between }) => !between.includes('test'))
    expect(within.reduce((sum, { near }) => sum + near, 0)).toBe(19)
  })
})

describe('what is found', () => {
  test('is counted by split, with labels that differ, and grouped', async () => {
    const train = noise('grouped', 100)
    for (const at of [10, 21, 32]) plant(train, 0, train, at, 0)
    const { counts, groups, pairs } = await audit(set(train, noise('grouped, test', 10)))
    expect(groups.map((group) => group.map(({ index }) => index))).toEqual([[0, 10, 21, 32]])
    expect(counts.reduce((sum, { exact }) => sum + exact, 0)).toBe(6)
    expect(counts.reduce((sum, { conflicting }) => sum + conflicting, 0)).toBe(3)
    expect(pairs.every(({ distance }) => distance === 0)).toBe(true)
  })

  test('may be more than is listed: a set of equal images is counted all the same', async () => {
    const train = noise('equal', 300)
    for (let i = 1; i < 300; i++) plant(train, 0, train, i, 0)
    const { counts, groups, pairs } = await audit(set(train, noise('other', 2)))
    expect(counts.reduce((sum, { exact }) => sum + exact, 0)).toBe((300 * 299) / 2)
    expect(groups[0]).toHaveLength(300)
    expect(pairs).toHaveLength(10_000)
  })

  test('is nothing among drawn clothes', async () => {
    const { pairs } = await audit(set(drawSilhouettes(1, 'train', 1000), drawSilhouettes(1, 'test', 200)))
    expect(pairs).toEqual([])
  })
})

test('a threshold outside the gray levels is refused', async () => {
  const dataset = set(noise('a', 20), noise('b', 4))
  await expect(audit(dataset, { threshold: 300 })).rejects.toThrow(
    /threshold: expected gray levels from 0 to 255/,
  )
})
