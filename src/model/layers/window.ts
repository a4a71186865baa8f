import { z } from 'zod'
import { ShapeError } from '../../base/errors.ts'
import { type Shape, spoken } from '../layer.ts'

/** Pixels that a window reaches, or moves on by, at most: no image is larger, and kernels count places in 32 bits. */
const MOST = 2 ** 24

const size = z.number().int().positive().max(MOST)
/** A size along height and width: one number for both, or `[height, width]`. */
export const pair = z.union([size, z.tuple([size, size])])
export type Pair = z.infer<typeof pair>

export const padding = z.enum(['same', 'valid'])
export type Padding = z.infer<typeof padding>

export const both = (p: Pair): readonly [number, number] => (typeof p === 'number' ? [p, p] : p)

interface Axis {
  readonly out: number
  readonly padBefore: number
}

/**
 * Where windows fall along one axis. `valid`: only whole windows; `same`: ⌈size / stride⌉ windows, the padding that they
 * need split evenly, the odd pixel after (the rule of TensorFlow and Keras).
 */
function axis(size: number, reach: number, stride: number, padding: Padding): Axis {
  if (padding === 'valid') return { out: Math.floor((size - reach) / stride) + 1, padBefore: 0 }
  const out = Math.ceil(size / stride)
  return { out, padBefore: Math.floor(Math.max((out - 1) * stride + reach - size, 0) / 2) }
}

export interface WindowOptions {
  readonly kernel: Pair
  readonly strides: Pair
  readonly dilation: Pair
  readonly padding: Padding
}

/** The windows of a kernel over an image, as the kernels' attributes name them. */
export function windows(shape: Shape, { kernel, strides, dilation, padding }: WindowOptions, at: string) {
  if (shape.length !== 3) {
    throw new ShapeError({ at, expected: '[height, width, channels]', received: spoken(shape) })
  }
  const [height, width, channels] = shape
  const [[kernelHeight, kernelWidth], [strideHeight, strideWidth]] = [both(kernel), both(strides)]
  const [dilationHeight, dilationWidth] = both(dilation)
  const reachDown = (kernelHeight - 1) * dilationHeight + 1
  const reachAcross = (kernelWidth - 1) * dilationWidth + 1
  if (Math.max(reachDown, reachAcross) > MOST) {
    const received = `${reachDown}×${reachAcross}`
    throw new ShapeError({ at, expected: `windows that reach at most ${MOST} pixels`, received })
  }
  const rows = axis(height, reachDown, strideHeight, padding)
  const columns = axis(width, reachAcross, strideWidth, padding)
  if (rows.out < 1 || columns.out < 1) {
    throw new ShapeError({
      at,
      expected: `an image that holds a ${kernelHeight}×${kernelWidth} window`,
      received: spoken(shape),
      hint: 'Use padding "same", a smaller kernel, or fewer pooling layers before it.',
    })
  }
  return {
    pixels: { height, width, channels, outHeight: rows.out, outWidth: columns.out },
    taps: {
      kernelHeight,
      kernelWidth,
      strideHeight,
      strideWidth,
      padTop: rows.padBefore,
      padLeft: columns.padBefore,
    },
    dilations: { dilationHeight, dilationWidth },
  }
}
