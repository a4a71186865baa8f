import type { z } from 'zod'
import type { LayerKind } from '../layer.ts'
import { type PoolOptions, poolOptions, poolWindows } from './pool.ts'

/** The largest value of each window, channel by channel. */
export const maxPool2d: LayerKind<PoolOptions, z.input<typeof poolOptions>> = {
  kind: 'maxPool2d',
  title: 'MaxPooling2D',
  options: poolOptions,
  arity: 1,
  outShape: (options, [shape], at) => poolWindows(shape, options, at).outShape,
  parameters: () => [],
  forward(emitter, options, [x]) {
    const { geometry, outShape } = poolWindows(x.shape, options, 'maxPool2d')
    const [y, argmax] = [emitter.rows(outShape), emitter.rows(outShape)]
    emitter.emit('maxPool', { x, y, argmax }, geometry)
    return {
      y,
      pullback(dy, [wanted]) {
        if (!wanted) return [undefined]
        const dx = emitter.rows(x.shape)
        emitter.emit('maxPoolGrad', { dy, argmax, dx }, geometry)
        return [dx]
      },
    }
  },
}
