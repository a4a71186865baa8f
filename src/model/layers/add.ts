import { z } from 'zod'
import { ShapeError } from '../../base/errors.ts'
import { type LayerKind, spoken } from '../layer.ts'

const options = z.strictObject({})
export type AddOptions = z.infer<typeof options>

/** y = a + b: where a residual branch joins the trunk again (He et al., "Deep residual learning", 2016). */
export const add: LayerKind<AddOptions, z.input<typeof options>> = {
  kind: 'add',
  title: 'Add',
  options,
  arity: 2,
  outShape(_, [a, b], at) {
    if (a.join() !== b.join()) {
      throw new ShapeError({
        at,
        expected: 'two inputs of one shape',
        received: `${spoken(a)} and ${spoken(b)}`,
      })
    }
    return a
  },
  parameters: () => [],
  forward(emitter, _, [a, b]) {
    const size = a.length
    const y = emitter.rows(a.shape)
    emitter.emit('add', { a, b, y }, { size })
    return {
      y,
      pullback(dy) {
        const other = emitter.rows(a.shape) // each branch owns its gradient and may overwrite it
        emitter.emit('copy', { x: dy, y: other }, { size })
        return [dy, other]
      },
    }
  },
}
