import { z } from 'zod'
import { type LayerKind, reshape, volume } from '../layer.ts'

const options = z.strictObject({})
export type FlattenOptions = z.infer<typeof options>

/** The same values in one row: [height, width, channels] → [height·width·channels]. */
export const flatten: LayerKind<FlattenOptions, z.input<typeof options>> = {
  kind: 'flatten',
  title: 'Flatten',
  options,
  arity: 1,
  outShape: (_, [shape]) => [volume(shape)],
  parameters: () => [],
  forward: (_, __, [x]) => ({ y: reshape(x, [x.length]), pullback: (dy) => [reshape(dy, x.shape)] }),
}
