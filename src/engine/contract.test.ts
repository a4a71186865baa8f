import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Arithmetic, Backend, Slots } from './backend.ts'
import { native, nativeVariants } from './native.ts'
import { type Attributes, lengthOf, type Operation } from './operation.ts'
import { type OperationName, operations } from './operations.ts'
import { type Instruction, type Place, type Plan, span } from './program.ts'
import { reference } from './reference/index.ts'
import { wasm } from './wasm.ts'

/*
 * The contract: a backend computes what `reference` computes, on random programs over random memory. What a program
 * must not touch (other tensors, rows beyond the live ones) is compared as well; opaque operands are not.
 */

/** One run as data. `scale` 0 fills the memory with whole numbers, on which fused and strict arithmetic agree. */
interface Case {
  readonly steps: readonly (readonly [OperationName, Attributes])[]
  readonly batch: number
  readonly count: number
  readonly seed: number
  readonly scale: number
  readonly threads: number
  readonly special: boolean
}

const whole = (min: number, max: number) => fc.integer({ min, max })
const size = fc.record({ size: whole(1, 150) })
const weights = fc.record({ rows: fc.oneof(fc.constant(1), whole(1, 40)), columns: whole(1, 300) })
const classes = fc.record({ classes: whole(1, 40) })
const flag = whole(0, 1)
const factor = fc.float({ min: 0, max: 1, noNaN: true })

/** One axis of a window: the last window still begins within the image, so that every window sees a pixel. */
const axis = fc
  .record({ kernel: whole(1, 5), stride: whole(1, 3), dilation: whole(1, 2), extent: whole(1, 12) })
  .chain((shape) => {
    const reach = (shape.kernel - 1) * shape.dilation
    return fc.record({ ...constants(shape), pad: whole(0, Math.min(reach, shape.extent)) })
  })
  .chain((shape) => {
    const most = Math.floor((shape.extent - 1 + shape.pad) / shape.stride) + 1
    return fc.record({ ...constants(shape), out: whole(1, most) })
  })

function constants<T extends object>(shape: T) {
  return Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>
  }
}

/** Channel numbers around the vector widths come up often. */
const channels = fc.oneof(whole(1, 70), fc.constantFrom(1, 3, 4, 8, 16, 17, 32, 33, 64))

const window = fc.tuple(axis, axis, channels).map(([rows, columns, channels]) => ({
  height: rows.extent,
  width: columns.extent,
  channels,
  outHeight: rows.out,
  outWidth: columns.out,
  kernelHeight: rows.kernel,
  kernelWidth: columns.kernel,
  strideHeight: rows.stride,
  strideWidth: columns.stride,
  padTop: rows.pad,
  padLeft: columns.pad,
}))
/** Without dilation a window that begins above the image ends within it only if it is longer than the padding. */
const poolWindow = window.map((w) => ({
  ...w,
  padTop: Math.min(w.padTop, w.kernelHeight - 1),
  padLeft: Math.min(w.padLeft, w.kernelWidth - 1),
  outHeight: Math.min(w.outHeight, Math.floor((w.height - 1) / w.strideHeight) + 1),
  outWidth: Math.min(w.outWidth, Math.floor((w.width - 1) / w.strideWidth) + 1),
}))
/** The square 3 × 3 and 5 × 5 `same` convolutions of the networks have tiles of their own. */
const usual = fc
  .record({ side: whole(1, 14), kernel: fc.constantFrom(1, 3, 5), channels, filters: channels })
  .map(({ side, kernel, channels, filters }) => ({
    ...{ height: side, width: side, channels, outHeight: side, outWidth: side, filters },
    ...{ kernelHeight: kernel, kernelWidth: kernel, strideHeight: 1, strideWidth: 1 },
    ...{ padTop: (kernel - 1) / 2, padLeft: (kernel - 1) / 2, dilationHeight: 1, dilationWidth: 1 },
  }))
const convolution = fc
  .oneof(
    usual,
    fc
      .tuple(window, channels, whole(1, 2), whole(1, 2))
      .map(([w, filters, dilationHeight, dilationWidth]) => ({
        ...w,
        filters,
        dilationHeight: w.height > 4 ? dilationHeight : 1,
        dilationWidth: w.width > 4 ? dilationWidth : 1,
      })),
  )
  .filter((g) => g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.channels * g.filters < 300_000)
/** A convolution and a pool that sees what comes out of it. */
const convolutionPool = fc
  .tuple(convolution, whole(1, 3), whole(1, 3), whole(0, 1), flag)
  .map(([g, poolSide, poolStride, pad, relu]) => {
    const poolPad = Math.min(pad, poolSide - 1)
    const out = (extent: number) => Math.floor((extent - 1 + poolPad) / poolStride) + 1
    return {
      ...{ ...g, relu, poolOutHeight: out(g.outHeight), poolOutWidth: out(g.outWidth) },
      ...{
        poolHeight: poolSide,
        poolWidth: poolSide,
        poolStrideHeight: poolStride,
        poolStrideWidth: poolStride,
      },
      ...{ poolPadTop: poolPad, poolPadLeft: poolPad },
    }
  })
const normed = { pixels: whole(1, 20), channels }
const positive = fc.constantFrom(1e-5, 1e-3)
const decay = fc.constantFrom(0, 0.01)
const matrix = fc.record({
  inputs: fc.oneof(whole(1, 70), fc.constantFrom(128, 200, 301)),
  outputs: fc.oneof(whole(1, 70), fc.constantFrom(10, 16, 32, 100, 128)),
})

type Steps = Case['steps']
const alone = (name: OperationName, attributes: fc.Arbitrary<Attributes>): fc.Arbitrary<Steps> =>
  attributes.map((a) => [[name, a]])

/** Random programs for every operation; the way back of an operation with an opaque operand follows its way forward. */
const programs: Record<OperationName, fc.Arbitrary<Steps>> = {
  gather: alone('gather', fc.record({ pixels: whole(1, 900), scale: factor, shift: factor })),
  dense: alone(
    'dense',
    fc.tuple(matrix, flag).map(([m, relu]) => ({ ...m, relu })),
  ),
  denseGradWeights: alone('denseGradWeights', matrix),
  denseGradInput: alone('denseGradInput', matrix),
  convolution: alone(
    'convolution',
    fc.tuple(convolution, flag).map(([g, relu]) => ({ ...g, relu })),
  ),
  convolutionGradWeights: alone('convolutionGradWeights', convolution),
  convolutionGradInput: alone('convolutionGradInput', convolution),
  maxPool: alone('maxPool', poolWindow),
  maxPoolGrad: poolWindow.map((w) => [
    ['maxPool', w],
    ['maxPoolGrad', w],
  ]),
  relu: alone('relu', size),
  reluGrad: alone('reluGrad', size),
  sigmoid: alone('sigmoid', size),
  sigmoidGrad: alone('sigmoidGrad', size),
  tanh: alone('tanh', size),
  tanhGrad: alone('tanhGrad', size),
  softmax: alone('softmax', classes),
  softmaxGrad: alone('softmaxGrad', classes),
  crossEntropy: alone('crossEntropy', targets()),
  crossEntropyGrad: alone('crossEntropyGrad', targets()),
  dropout: alone('dropout', dropoutAttributes()),
  dropoutGrad: dropoutAttributes().map((a) => [
    ['dropout', a],
    ['dropoutGrad', { size: a.size, scale: a.scale }],
  ]),
  sgd: alone(
    'sgd',
    fc
      .tuple(weights, fc.record({ nesterov: flag, momentum: factor, decay }))
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  adam: alone(
    'adam',
    fc
      .tuple(weights, fc.record({ beta1: factor, beta2: factor, epsilon: factor, decay }))
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  accumulate: alone('accumulate', size),
  convolutionPool: alone('convolutionPool', convolutionPool),
  convolutionPoolGradWeights: convolutionPool.map((a) => [
    ['convolutionPool', a],
    ['convolutionPoolGradWeights', a],
  ]),
  convolutionPoolGradInput: convolutionPool.map((a) => [
    ['convolutionPool', a],
    ['convolutionPoolGradInput', a],
  ]),
  batchNorm: alone('batchNorm', fc.record({ ...normed, momentum: factor, epsilon: positive })),
  batchNormGrad: alone('batchNormGrad', fc.record(normed)),
  batchNormInference: alone('batchNormInference', fc.record({ ...normed, epsilon: positive })),
  averagePool: alone('averagePool', poolWindow),
  averagePoolGrad: alone('averagePoolGrad', poolWindow),
  add: alone('add', size),
  copy: alone('copy', size),
  clip: alone('clip', fc.record({ size: whole(1, 9000), limit: fc.constantFrom(0.5, 20, 1e6) })),
  average: alone('average', weights),
  gatherAugmented: alone('gatherAugmented', augmentation()),
}

function targets() {
  const smoothed = fc.constantFrom({ on: 1, off: 0 }, { on: 0.9, off: 0.0125 })
  return fc.tuple(classes, smoothed).map(([a, b]) => ({ ...a, ...b }))
}

function augmentation() {
  const word = whole(0, 2 ** 32 - 1)
  return fc
    .record({
      ...{ height: whole(1, 12), width: whole(1, 12), channels: whole(1, 3), key0: word, key1: word },
      ...{ flip: flag, translate: whole(0, 4), eraseThreshold: word, low: factor, high: factor },
      ...{ fill: whole(0, 255), scale: factor, shift: factor },
    })
    .map(({ low, high, ...a }) => {
      const most = Math.min(a.height, a.width)
      const eraseLow = 1 + Math.floor(low * (most - 1))
      return { ...a, eraseLow, eraseHigh: eraseLow + Math.floor(high * (most - eraseLow)) }
    })
}

function dropoutAttributes() {
  const word = whole(0, 2 ** 32 - 1)
  return fc.record({ size: whole(1, 150), key0: word, key1: word, threshold: word, scale: fc.constant(1.25) })
}

/** Operations that round nothing but single results take infinities, NaN and subnormal numbers as well. */
const takesSpecials = new Set<OperationName>([
  ...([
    'relu',
    'reluGrad',
    'sigmoid',
    'sigmoidGrad',
    'tanh',
    'tanhGrad',
    'accumulate',
    'sgd',
    'dropout',
  ] as const),
])

function cases(name: OperationName): fc.Arbitrary<Case> {
  return fc
    .record({
      steps: programs[name],
      batch: fc.oneof(whole(1, 9), whole(1, 33)),
      live: factor,
      seed: whole(1, 2 ** 31 - 1),
      scale: fc.constantFrom(0, 1, 30),
      threads: fc.constantFrom(1, 2, 3, 7),
      special: fc.boolean(),
    })
    .map(({ live, batch, special, ...rest }) => {
      const costly = work(rest.steps[0][1])
      const images = costly > 30_000 ? Math.min(batch, Math.max(1, Math.floor(1_000_000 / costly))) : batch
      const count = Math.max(1, Math.ceil(images * live))
      return { ...rest, batch: images, count, special: special && takesSpecials.has(name) }
    })
}

/** Products an example, by which the batch is kept small enough for the reference. */
function work(a: Attributes): number {
  if (a.filters) return a.outHeight * a.outWidth * a.kernelHeight * a.kernelWidth * a.channels * a.filters
  return (a.inputs ?? 1) * (a.outputs ?? 1)
}

interface Layout {
  readonly plan: Plan
  /** Where memory must be equal: all of it but the opaque operands. */
  readonly opaque: readonly Place[]
  readonly labels: readonly Place[]
}

/** Places every operand, with gaps between them; an operand of the same name in a later step is the same tensor. */
function layOut({ steps, batch, seed }: Case): Layout {
  const dice = generator(seed)
  const gap = () => Math.floor(dice() * 20)
  let words = gap()
  const places: Record<string, Place> = {}
  const opaque: Place[] = []
  const program: Instruction[] = steps.map(([operation, attributes]) => {
    const operands = (operations[operation] as Operation).operands
    for (const [name, rule] of Object.entries(operands)) {
      if (places[name]) continue
      places[name] = { offset: words, length: lengthOf(rule, attributes), batched: rule.batched }
      words += span(places[name], batch) + gap()
      if (rule.role === 'opaque') opaque.push(places[name])
    }
    return {
      operation,
      attributes,
      operands: Object.fromEntries(Object.keys(operands).map((n) => [n, places[n]])),
    }
  })
  return {
    plan: { words, batch, programs: { test: program } },
    opaque,
    labels: places.labels ? [places.labels] : [],
  }
}

/** Numbers in [0, 1) from a seed: xorshift, which is plenty for test data. */
function generator(seed: number) {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const SPECIALS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-40, -1e-40, 3e38, -3e38]

function fillMemory(floats: Float32Array, { seed, scale, special }: Case) {
  const dice = generator(seed ^ 0x5bd1e995)
  for (let i = 0; i < floats.length; i++) {
    const u = dice()
    if (special && u < 0.1) floats[i] = SPECIALS[Math.floor(u * 70)]
    else if (u < 0.2) floats[i] = u < 0.1 ? 0 : -0
    else floats[i] = scale === 0 ? Math.round(dice() * 16 - 8) : (dice() * 2 - 1) * scale
  }
}

function slotsFor({ steps, batch, seed }: Case): Slots {
  const dice = generator(seed ^ 0x2545f491)
  const a = steps[0][1]
  const pixels = a.fill === undefined ? (a.pixels ?? 1) : a.height * a.width * a.channels
  const images = Uint8Array.from({ length: 7 * pixels }, () => dice() * 256)
  const labels = Uint8Array.from({ length: 7 }, () => dice() * 10)
  return { images, labels, order: Int32Array.from({ length: batch + 3 }, () => Math.floor(dice() * 7)) }
}

/** The memory after one run, opaque operands blotted out. */
function outcome(backend: Backend, arithmetic: Arithmetic, c: Case): Float32Array {
  const { plan, opaque, labels } = layOut(c)
  const session = backend.open(plan, { arithmetic, threads: c.threads })
  const floats = session.floats as Float32Array
  fillMemory(floats, c)
  const classes = c.steps[0][1].classes
  for (const { offset } of labels) {
    if (classes === undefined) continue
    const dice = generator(c.seed)
    for (let n = 0; n < c.batch; n++) floats[offset + n] = Math.floor(dice() * (classes + 1)) // sometimes no class
  }
  session.bind(slotsFor(c))
  session.registers.set([c.count, c.seed % 4, c.seed, c.seed % 100])
  session.run('test')
  const result = Float32Array.from(session.floats)
  session.close()
  for (const place of opaque) result.fill(0, place.offset, place.offset + span(place, c.batch))
  return result
}

/** Equal bits; one NaN is as good as another. */
function firstDifference(a: Float32Array, b: Float32Array): string | undefined {
  const [x, y] = [new Int32Array(a.buffer), new Int32Array(b.buffer)]
  for (let i = 0; i < a.length; i++) {
    if (x[i] !== y[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return `word ${i}: ${a[i]} and ${b[i]}`
  }
  return undefined
}

const names = Object.keys(operations) as OperationName[]
const costly = (name: OperationName) => /^(dense|conv|maxPool)/.test(name)

/** A backend signs the contract. */
function describeBackend(title: string, backend: () => Backend) {
  describe(title, () => {
    test.each(names)('%s equals the reference bit for bit', (name) => {
      fc.assert(
        fc.property(cases(name), (c) => {
          const expected = outcome(reference, 'strict', c)
          expect(firstDifference(outcome(backend(), 'strict', c), expected)).toBeUndefined()
        }),
        { numRuns: costly(name) ? 60 : 30 },
      )
    })
  })
}

const fusing: OperationName[] = [
  'dense',
  'denseGradWeights',
  'denseGradInput',
  'convolution',
  'convolutionGradWeights',
  'convolutionGradInput',
  'convolutionPool',
  'convolutionPoolGradWeights',
  'convolutionPoolGradInput',
]

/** Fused arithmetic: every variant the same bits, and the reference's where no product or sum is rounded. */
function describeFused(backends: () => readonly Backend[]) {
  describe('fused', () => {
    test.each(fusing)('%s has the same bits on every variant and any number of threads', (name) => {
      fc.assert(
        fc.property(cases(name), (c) => {
          const [first, ...others] = [1, 2, 3, 7].flatMap((threads) =>
            backends().map((backend) => outcome(backend, 'fused', { ...c, threads })),
          )
          for (const other of others) expect(firstDifference(other, first)).toBeUndefined()
        }),
        { numRuns: 25 },
      )
    })
    test.each(fusing)('%s equals the reference where nothing is rounded', (name) => {
      fc.assert(
        fc.property(cases(name), (any) => {
          const c = { ...any, scale: 0 }
          const expected = outcome(reference, 'strict', c)
          expect(firstDifference(outcome(backends()[0], 'fused', c), expected)).toBeUndefined()
        }),
        { numRuns: 20 },
      )
    })
  })
}

/**
 * Programs whose instructions hang on each other, for barriers that are missing: elementwise operations between a few
 * tensors, each of which a backend may share out differently.
 */
type Link = readonly [operation: OperationName, from: number, distance: number]
const chains: fc.Arbitrary<readonly Link[]> = fc.array(
  fc.tuple(
    fc.constantFrom<OperationName>('relu', 'tanhGrad', 'accumulate', 'denseGradInput', 'softmax', 'sigmoid'),
    whole(0, 3),
    whole(1, 3),
  ),
  { minLength: 2, maxLength: 30 },
)

function runChain(backend: Backend, threads: number, seed: number, chain: readonly Link[]) {
  const [batch, size] = [5, 41]
  const place = (n: number): Place => ({ offset: n * batch * size, length: size, batched: true })
  const w: Place = { offset: 4 * batch * size, length: size * size, batched: false }
  const program = chain.map(([operation, a, step]): Instruction => {
    const [x, y] = [place(a), place((a + step) % 4)]
    if (operation === 'denseGradInput') {
      return { operation, operands: { dy: x, w, dx: y }, attributes: { inputs: size, outputs: size } }
    }
    const operands = operation === 'tanhGrad' ? { y: x, dy: y } : { x, y }
    return { operation, operands, attributes: operation === 'softmax' ? { classes: size } : { size } }
  })
  const plan = { words: w.offset + w.length, batch, programs: { chain: program } }
  const session = backend.open(plan, { arithmetic: 'strict', threads })
  const dice = generator(seed)
  for (let i = 0; i < plan.words; i++) session.floats[i] = dice() * 2 - 1
  session.registers[0] = batch
  for (let i = 0; i < 3; i++) session.run('chain')
  const result = Float32Array.from(session.floats)
  session.close()
  return result
}

function describeOrder(backend: () => Backend) {
  test('instructions take effect in their order, whatever the threads', () => {
    fc.assert(
      fc.property(chains, whole(1, 2 ** 30), fc.constantFrom(1, 2, 3, 7), (chain, seed, threads) => {
        const expected = runChain(reference, 1, seed, chain)
        expect(firstDifference(runChain(backend(), threads, seed, chain), expected)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })
}

for (const variant of nativeVariants()) describeBackend(`native ${variant}`, () => native(variant))
describeBackend('wasm', () => wasm)
describe.skipIf(nativeVariants().length === 0)('native', () => {
  describeFused(() => nativeVariants().map((variant) => native(variant)))
  describeOrder(() => native())
})
