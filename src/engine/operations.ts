/**
 * The contract: every operation that a program may hold, its operands and its attributes. `reference/` says in
 * TypeScript what each one computes; `native` and `wasm` compute the same, bit for bit in strict arithmetic.
 *
 * Everything in a session's memory is a float32 word, channels last. A *batched* operand holds one row of `length`
 * words an example, `registers.count` of which are live in a run; any other operand holds `length` words in all.
 *
 * Sums run in the order that `reference/` shows: from +0, over ascending indices, the bias added last. A convolution's
 * padding is skipped there and multiplied as zeros elsewhere: from +0 the bits are the same.
 */
import { type Length, type Operation, opaque, read, update, write } from './operation.ts'

const one: Length = []
const size: Length = ['size']
/** Weights as a matrix, so that threads share it as they do in products; other tensors are a single row. */
const weights: Length = ['rows', 'columns']
const inputs: Length = ['inputs']
const outputs: Length = ['outputs']
const classes: Length = ['classes']
const inputImage: Length = ['height', 'width', 'channels']
const outputImage: Length = ['outHeight', 'outWidth', 'filters']
const pooledImage: Length = ['outHeight', 'outWidth', 'channels']
const pooledOutput: Length = ['poolOutHeight', 'poolOutWidth', 'filters']
const filterBank: Length = ['kernelHeight', 'kernelWidth', 'channels', 'filters']
const filters: Length = ['filters']
const channels: Length = ['channels']
const normed: Length = ['pixels', 'channels']
const matrix: Length = ['inputs', 'outputs']

/** Sizes in pixels; padding below and to the right follows from the output's size. */
const window = [
  ...(['height', 'width', 'channels', 'outHeight', 'outWidth'] as const),
  ...(['kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'padTop', 'padLeft'] as const),
] as const
const convolution = [...window, 'filters', 'dilationHeight', 'dilationWidth'] as const
/** A convolution, whether a ReLU follows, and the windows of the pool that follows them. */
const convolutionPool = [
  ...convolution,
  'relu',
  'poolOutHeight',
  'poolOutWidth',
  'poolHeight',
  'poolWidth',
  'poolStrideHeight',
  'poolStrideWidth',
  'poolPadTop',
  'poolPadLeft',
] as const

/** Words of the `rates` operand, which the host writes before a run: see `reference/optimizers.ts`. */
export const RATES = {
  learningRate: 0,
  firstCorrection: 1,
  secondCorrection: 2,
  averaging: 3,
  words: 4,
} as const

export const operations = {
  /** x = scale·byte + shift for the images `order[position + row]`, and their labels, as floats; −1 where there are none. */
  gather: {
    code: 1,
    operands: { x: write.rows(['pixels']), labels: write.rows(one) },
    integers: ['pixels'],
    floats: ['scale', 'shift'],
  },
  /** y = x·W + b, W of shape [inputs, outputs]; then max(y, 0) where `relu` is 1. */
  dense: {
    code: 2,
    operands: { x: read.rows(inputs), w: read.fixed(matrix), b: read.fixed(outputs), y: write.rows(outputs) },
    integers: ['inputs', 'outputs', 'relu'],
    floats: [],
  },
  /** dW = Σ over rows of xᵀ·dy, db = Σ over rows of dy. */
  denseGradWeights: {
    code: 3,
    operands: {
      x: read.rows(inputs),
      dy: read.rows(outputs),
      dw: write.fixed(matrix),
      db: write.fixed(outputs),
    },
    integers: ['inputs', 'outputs'],
    floats: [],
  },
  /** dx = dy·Wᵀ. */
  denseGradInput: {
    code: 4,
    operands: { dy: read.rows(outputs), w: read.fixed(matrix), dx: write.rows(inputs) },
    integers: ['inputs', 'outputs'],
    floats: [],
  },
  /** Cross-correlation, w of shape [kernelHeight, kernelWidth, channels, filters]; then max(y, 0) where `relu` is 1. */
  convolution: {
    code: 5,
    operands: {
      x: read.rows(inputImage),
      w: read.fixed(filterBank),
      b: read.fixed(filters),
      y: write.rows(outputImage),
    },
    integers: [...convolution, 'relu'],
    floats: [],
  },
  /** Gradients of the filters and biases: within an image first, then over images. */
  convolutionGradWeights: {
    code: 6,
    operands: {
      x: read.rows(inputImage),
      dy: read.rows(outputImage),
      dw: write.fixed(filterBank),
      db: write.fixed(filters),
    },
    integers: convolution,
    floats: [],
  },
  /** Gradient of the input: over kernel rows, kernel columns, then filters. */
  convolutionGradInput: {
    code: 7,
    operands: { dy: read.rows(outputImage), w: read.fixed(filterBank), dx: write.rows(inputImage) },
    integers: convolution,
    floats: [],
  },
  /** The first largest value of each window; `argmax` remembers where it was. Padding takes no part. */
  maxPool: {
    code: 8,
    operands: { x: read.rows(inputImage), y: write.rows(pooledImage), argmax: opaque.rows(pooledImage) },
    integers: window,
    floats: [],
  },
  /** dx = Σ over the windows, in ascending order, whose largest value the pixel was. */
  maxPoolGrad: {
    code: 9,
    operands: { dy: read.rows(pooledImage), argmax: opaque.rows(pooledImage), dx: write.rows(inputImage) },
    integers: window,
    floats: [],
  },
  /** y = max(x, 0); NaN stays NaN. */
  relu: { code: 10, operands: { x: read.rows(size), y: write.rows(size) }, integers: ['size'], floats: [] },
  /** dy ← y > 0 ? dy : 0. */
  reluGrad: {
    code: 11,
    operands: { y: read.rows(size), dy: update.rows(size) },
    integers: ['size'],
    floats: [],
  },
  sigmoid: {
    code: 12,
    operands: { x: read.rows(size), y: write.rows(size) },
    integers: ['size'],
    floats: [],
  },
  /** dy ← dy·(y·(1 − y)). */
  sigmoidGrad: {
    code: 13,
    operands: { y: read.rows(size), dy: update.rows(size) },
    integers: ['size'],
    floats: [],
  },
  tanh: { code: 14, operands: { x: read.rows(size), y: write.rows(size) }, integers: ['size'], floats: [] },
  /** dy ← dy·(1 − y·y). */
  tanhGrad: {
    code: 15,
    operands: { y: read.rows(size), dy: update.rows(size) },
    integers: ['size'],
    floats: [],
  },
  /** y = exp(x − max x) / Σ exp(x − max x), row by row. */
  softmax: {
    code: 16,
    operands: { x: read.rows(classes), y: write.rows(classes) },
    integers: ['classes'],
    floats: [],
  },
  /** dy ← y·(dy − Σ dy·y), row by row. */
  softmaxGrad: {
    code: 17,
    operands: { y: read.rows(classes), dy: update.rows(classes) },
    integers: ['classes'],
    floats: [],
  },
  /**
   * p = softmax(z); losses = −Σ target·ln p, where the target is `on` for the label's class and `off` for the others;
   * hits = 1 where the first largest z is the label's.
   */
  crossEntropy: {
    code: 18,
    operands: {
      z: read.rows(classes),
      labels: read.rows(one),
      p: write.rows(classes),
      losses: write.rows(one),
      hits: write.rows(one),
    },
    integers: ['classes'],
    floats: ['on', 'off'],
  },
  /** dz = (p − target) / count: the gradient of the batch's mean loss. */
  crossEntropyGrad: {
    code: 19,
    operands: { p: read.rows(classes), labels: read.rows(one), dz: write.rows(classes) },
    integers: ['classes'],
    floats: ['on', 'off'],
  },
  /** y = kept ? scale·x : 0; kept where the Philox word of (key; element / 4, step) is at least `threshold`. */
  dropout: {
    code: 20,
    operands: { x: read.rows(size), y: write.rows(size), mask: opaque.rows(size) },
    integers: ['size', 'key0', 'key1', 'threshold'],
    floats: ['scale'],
  },
  /** dy ← kept ? scale·dy : 0. */
  dropoutGrad: {
    code: 21,
    operands: { mask: opaque.rows(size), dy: update.rows(size) },
    integers: ['size'],
    floats: ['scale'],
  },
  /** w ← w − rate·decay·w; v ← momentum·v + g; w ← w − rate·(nesterov ? g + momentum·v : v). */
  sgd: {
    code: 22,
    operands: {
      w: update.fixed(weights),
      g: read.fixed(weights),
      v: update.fixed(weights),
      rates: read.fixed([RATES.words]),
    },
    integers: ['rows', 'columns', 'nesterov'],
    floats: ['momentum', 'decay'],
  },
  /** w ← w − rate·decay·w, then Kingma and Ba, "Adam" (2015), with its bias corrections 1 / (1 − βᵗ) given in `rates`. */
  adam: {
    code: 23,
    operands: {
      w: update.fixed(weights),
      g: read.fixed(weights),
      m: update.fixed(weights),
      v: update.fixed(weights),
      rates: read.fixed([RATES.words]),
    },
    integers: ['rows', 'columns'],
    floats: ['beta1', 'beta2', 'epsilon', 'decay'],
  },
  /** y ← y + x: where a tensor has several readers their gradients meet. */
  accumulate: {
    code: 24,
    operands: { x: read.rows(size), y: update.rows(size) },
    integers: ['size'],
    floats: [],
  },
  /** `convolution` and then `maxPool`, without the image between them. */
  convolutionPool: {
    code: 25,
    operands: {
      x: read.rows(inputImage),
      w: read.fixed(filterBank),
      b: read.fixed(filters),
      y: write.rows(pooledOutput),
      argmax: opaque.rows(pooledOutput),
    },
    integers: convolutionPool,
    floats: [],
  },
  /** `maxPoolGrad`, the ReLU's gradient where there is one, and then `convolutionGradWeights`. */
  convolutionPoolGradWeights: {
    code: 26,
    operands: {
      x: read.rows(inputImage),
      dy: read.rows(pooledOutput),
      argmax: opaque.rows(pooledOutput),
      dw: write.fixed(filterBank),
      db: write.fixed(filters),
    },
    integers: convolutionPool,
    floats: [],
  },
  /** The same way back, to the input: `maxPoolGrad`, `reluGrad`, `convolutionGradInput`. */
  convolutionPoolGradInput: {
    code: 27,
    operands: {
      dy: read.rows(pooledOutput),
      argmax: opaque.rows(pooledOutput),
      w: read.fixed(filterBank),
      dx: write.rows(inputImage),
    },
    integers: convolutionPool,
    floats: [],
  },
  /** Normalizes each channel by the batch's own mean and variance, and moves the running ones towards them. */
  batchNorm: {
    code: 28,
    operands: {
      x: read.rows(normed),
      gamma: read.fixed(channels),
      beta: read.fixed(channels),
      mean: update.fixed(channels),
      variance: update.fixed(channels),
      saved: write.fixed([2, 'channels']),
      y: write.rows(normed),
    },
    integers: ['pixels', 'channels'],
    floats: ['momentum', 'epsilon'],
  },
  /** The way back of `batchNorm`, from what it saved: mean and inverse standard deviation. */
  batchNormGrad: {
    code: 29,
    operands: {
      x: read.rows(normed),
      dy: read.rows(normed),
      gamma: read.fixed(channels),
      saved: read.fixed([2, 'channels']),
      dgamma: write.fixed(channels),
      dbeta: write.fixed(channels),
      dx: write.rows(normed),
    },
    integers: ['pixels', 'channels'],
    floats: [],
  },
  /** Normalizes each channel by the running mean and variance. */
  batchNormInference: {
    code: 30,
    operands: {
      x: read.rows(normed),
      gamma: read.fixed(channels),
      beta: read.fixed(channels),
      mean: read.fixed(channels),
      variance: read.fixed(channels),
      y: write.rows(normed),
    },
    integers: ['pixels', 'channels'],
    floats: ['epsilon'],
  },
  /** The mean of each window; padding takes no part. */
  averagePool: {
    code: 31,
    operands: { x: read.rows(inputImage), y: write.rows(pooledImage) },
    integers: window,
    floats: [],
  },
  /** dx = Σ over the windows, in ascending order, that saw the pixel, of dy / their number of pixels. */
  averagePoolGrad: {
    code: 32,
    operands: { dy: read.rows(pooledImage), dx: write.rows(inputImage) },
    integers: window,
    floats: [],
  },
  /** y = a + b. */
  add: {
    code: 33,
    operands: { a: read.rows(size), b: read.rows(size), y: write.rows(size) },
    integers: ['size'],
    floats: [],
  },
  /** y = x. */
  copy: { code: 34, operands: { x: read.rows(size), y: write.rows(size) }, integers: ['size'], floats: [] },
  /** g ← g·limit / ‖g‖ where the norm is larger than `limit` (Pascanu et al. 2013). */
  clip: { code: 35, operands: { g: update.fixed(size) }, integers: ['size'], floats: ['limit'] },
  /** a ← averaging·a + (1 − averaging)·w, `averaging` from `rates`. */
  average: {
    code: 36,
    operands: { w: read.fixed(weights), a: update.fixed(weights), rates: read.fixed([RATES.words]) },
    integers: ['rows', 'columns'],
    floats: [],
  },
  /**
   * `gather` with augmentation: what happens to an image is drawn from (key; image, epoch). It is mirrored with
   * probability ½ where `flip` is 1, moved by up to `translate` pixels each way, and with probability
   * `eraseThreshold` / 2³² a rectangle with sides of `eraseLow` to `eraseHigh` pixels is erased (Zhong et al. 2017).
   * What comes into view or is erased is the byte `fill`.
   */
  gatherAugmented: {
    code: 37,
    operands: { x: write.rows(inputImage), labels: write.rows(one) },
    integers: [
      'height',
      'width',
      'channels',
      'key0',
      'key1',
      'flip',
      'translate',
      'eraseThreshold',
      'eraseLow',
      'eraseHigh',
      'fill',
    ],
    floats: ['scale', 'shift'],
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
export type OperandNames<N extends OperationName> = keyof (typeof operations)[N]['operands']
export type AttributeNames<N extends OperationName> =
  | (typeof operations)[N]['integers'][number]
  | (typeof operations)[N]['floats'][number]
