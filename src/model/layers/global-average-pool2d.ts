import { z } from 'zod'
import { ShapeError } from '../../base/errors.ts'
import { type LayerKind, reshape, type Shape, spoken } from '../layer.ts'
import { averagePool2d } from './average-pool2d.ts'

const options = z.strictObject({})
export type GlobalAveragePool2dOptions = z.infer<typeof options>

/** The window that holds the whole image. */
const whole = ([height, width]: Shape) => ({
  pool: [height, width] as [number, number],
  padding: 'valid' as const,
})

/** The mean of each channel: [height, width, channels] → [channels] (Lin et al., "Network in network", 2014). */
export const globalAveragePool2d: LayerKind<GlobalAveragePool2dOptions, z.input<typeof options>> = {
  kind: 'globalAveragePool2d',
  title: 'GlobalAveragePooling2D',
  options,
  arity: 1,
  outShape(_, [shape], at) {
    if (shape.length !== 3) {
      throw new ShapeError({ at, expected: '[height, width, channels]', received: spoken(shape) })
    }
    return [shape[2]]
  },
  parameters: () => [],
  forward(emitter, _, [x]) {
    const { y, pullback } = averagePool2d.forward(emitter, whole(x.shape), [x], {})
    return {
      y: reshape(y, [x.shape[2]]),
      pullback: (dy, wanted) => pullback(reshape(dy, y.shape), wanted),
    }
  },
}
