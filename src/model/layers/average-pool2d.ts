import type { z } from 'zod'
import type { LayerKind } from '../layer.ts'
import { type PoolOptions, poolOptions, poolWindows } from './pool.ts'

/** The mean of each window, channel by channel; padding takes no part. */
export const averagePool2d: LayerKind<PoolOptions, z.input<typeof poolOptions>> = {
  kind: 'averagePool2d',
  title: 'AveragePooling2D',
  options: poolOptions,
  arity: 1,
  outShape: (options, [shape], at) => poolWindows(shape, options, at).outShape,
  parameters: () => [],
  forward(emitter, options, [x]) {
    const { geometry, outShape } = poolWindows(x.shape, options, 'averagePool2d')
    const y = emitter.rows(outShape)
    emitter.emit('averagePool', { x, y }, geometry)
    return {
      y,
      pullback(dy, [wanted]) {
        if (!wanted) return [undefined]
        const dx = emitter.rows(x.shape)
        emitter.emit('averagePoolGrad', { dy, dx }, geometry)
        return [dx]
      },
    }
  },
}
