import { beforeAll, describe, expect, test } from 'vitest'
import { key, uniforms } from '../../base/random.ts'
import { drawSilhouettes } from '../../data/silhouettes/silhouettes.ts'
import { wasm as backend } from '../../engine/wasm.ts'
import { conv2d, dense, globalAveragePool2d, input, maxPool2d, model } from '../../model/functional.ts'
import { unitInterval } from '../../model/network.ts'
import { train } from '../../training/train.ts'
import { type Explainer, openExplainer } from './explain.ts'

const SIDE = 28
const engine = { backend, arithmetic: 'strict', threads: 1 } as const
const items = drawSilhouettes(1, 'train', 600)

/** A silhouette at half its size on an empty picture, its corner at (x, y). */
function placed(image: number, x: number, y: number): Uint8Array {
  const picture = new Uint8Array(SIDE * SIDE)
  const { pixels } = items
  for (let i = 0; i < 14; i++) {
    for (let j = 0; j < 14; j++) {
      const from = image * 784 + 2 * i * 28 + 2 * j
      const sum = pixels[from] + pixels[from + 1] + pixels[from + 28] + pixels[from + 29]
      picture[(y + i) * SIDE + x + j] = sum / 4
    }
  }
  return picture
}

/** A small CNN that has learned to tell small items apart wherever they lie. */
async function trainedBriefly() {
  const corners = uniforms(key(1), 2 * items.count).map((u) => Math.floor(15 * u))
  const pixels = new Uint8Array(items.count * SIDE * SIDE)
  for (let i = 0; i < items.count; i++) {
    pixels.set(placed(i, corners[2 * i], corners[2 * i + 1]), i * SIDE * SIDE)
  }
  const order = Int32Array.from({ length: items.count }, (_, i) => i)
  const inputs = input([SIDE, SIDE, 1])
  let x = maxPool2d({ pool: 2 })(conv2d({ filters: 16, kernel: 5, activation: 'relu' })(inputs))
  x = conv2d({ filters: 32, activation: 'relu' })(x)
  x = globalAveragePool2d()(conv2d({ filters: 32, activation: 'relu' })(x))
  const spec = model({ inputs, outputs: dense({ units: 10, activation: 'softmax' })(x) })
  const picture = { height: SIDE, width: SIDE, channels: 1 }
  const parts = { train: order.subarray(60), validation: order.subarray(0, 60) }
  const data = { ...picture, pixels, labels: items.labels, classes: 10, ...parts }
  const optimizer = { kind: 'adam', learningRate: 0.006 } as const
  const stream = train({ model: spec, data, engine, optimizer, epochs: 8, batch: 16, seed: 1 })
  let next = await stream.next()
  while (!next.done) next = await stream.next()
  return { spec, tensors: next.value.weights, preprocessing: unitInterval, imageShape: [SIDE, SIDE, 1] }
}

/** Where a picture's weight lies: [x, y] of its center of mass. */
function center(values: ArrayLike<number>): [number, number] {
  let [mass, x, y] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    mass += values[i]
    x += values[i] * (i % SIDE)
    y += values[i] * Math.floor(i / SIDE)
  }
  return [x / mass, y / mass]
}
/** A picture moved right and down; what comes into view is zero. */
const moved = (values: ArrayLike<number>, right: number, down: number) =>
  Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) - right, Math.floor(i / SIDE) - down]
    return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? values[y * SIDE + x] : 0
  })

/** Pearson's coefficient. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((x, y) => x + y, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const sum = (f: (i: number) => number) => Array.from(a, (_, i) => f(i)).reduce((x, y) => x + y, 0)
  const [aa, bb] = [sum((i) => (a[i] - ma) ** 2), sum((i) => (b[i] - mb) ** 2)]
  return sum((i) => (a[i] - ma) * (b[i] - mb)) / Math.sqrt(aa * bb)
}

/** Grad-CAM of the first images, each at the place from which it moves and at four places to which it does. */
const FROM = { x: 7, y: 7 }
const ways = [
  [-5, -5],
  [5, -5],
  [-5, 5],
  [5, 5],
] as const

describe('when the item moves, what the network looks at moves with it', () => {
  let explainer: Explainer
  beforeAll(async () => {
    explainer = openExplainer(await trainedBriefly(), engine)
    return () => explainer.close()
  })
  const look = (image: number, right: number, down: number) =>
    explainer.explain(placed(image, FROM.x + right, FROM.y + down), { label: items.labels[image] }).gradCam!
      .values

  test.each(ways)('by (%i, %i) pixels: the center of mass, and the map itself', (right, down) => {
    const offBy: number[] = []
    for (let image = 0; image < 20; image++) {
      const [before, after] = [look(image, 0, 0), look(image, right, down)]
      const [[x, y], [toX, toY]] = [center(before), center(after)]
      offBy.push(Math.max(Math.abs(toX - x - right), Math.abs(toY - y - down)))
      expect(correlation(moved(before, right, down), after)).toBeGreaterThan(0.95)
    }
    offBy.sort((a, b) => a - b)
    expect(offBy[10]).toBeLessThan(0.5)
    expect(offBy[19]).toBeLessThan(2.5)
  })
})
