import { z } from 'zod'
import type { Shape } from '../layer.ts'
import { padding, pair, windows } from './window.ts'

/** What every pooling layer can be told. */
export const poolOptions = z.strictObject({
  pool: pair.default(2),
  /** Windows move by their own size unless this says otherwise. */
  strides: pair.optional(),
  padding: padding.default('same'),
})
export type PoolOptions = z.infer<typeof poolOptions>

/** The windows of a pool over an image: the kernels' attributes, and the shape that comes out. */
export function poolWindows(shape: Shape, { pool, strides, padding }: PoolOptions, at: string) {
  const { pixels, taps } = windows(
    shape,
    { kernel: pool, strides: strides ?? pool, dilation: 1, padding },
    at,
  )
  return { geometry: { ...pixels, ...taps }, outShape: [pixels.outHeight, pixels.outWidth, pixels.channels] }
}
