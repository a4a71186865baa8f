import { z } from 'zod'
import { type LayerKind, volume } from '../layer.ts'

const options = z.strictObject({ rate: z.number().min(0).lt(1) })
export type DropoutOptions = z.infer<typeof options>

/** Inverted dropout: in training each value is dropped with probability `rate` and the rest scaled by 1 / (1 − rate). */
export const dropout: LayerKind<DropoutOptions, z.input<typeof options>> = {
  kind: 'dropout',
  title: 'Dropout',
  options,
  arity: 1,
  outShape: (_, [shape]) => shape,
  parameters: () => [],
  forward(emitter, { rate }, [x]) {
    if (!emitter.training || rate === 0) return { y: x, pullback: (dy) => [dy] }
    const size = volume(x.shape)
    const [y, mask] = [emitter.rows(x.shape), emitter.rows(x.shape)]
    const [key0, key1] = emitter.key.words
    const scale = 1 / (1 - rate)
    const threshold = Math.floor(rate * 2 ** 32)
    emitter.emit('dropout', { x, y, mask }, { size, key0, key1, threshold, scale })
    return {
      y,
      pullback(dy) {
        emitter.emit('dropoutGrad', { mask, dy }, { size, scale })
        return [dy]
      },
    }
  },
}
