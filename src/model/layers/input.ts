import { z } from 'zod'
import type { LayerKind } from '../layer.ts'

const options = z.strictObject({ shape: z.array(z.number().int().positive()).min(1).max(3) })
export type InputOptions = z.infer<typeof options>

/** Where images come in. */
export const input: LayerKind<InputOptions, z.input<typeof options>> = {
  kind: 'input',
  title: 'InputLayer',
  options,
  arity: 0,
  outShape: ({ shape }) => shape,
  parameters: () => [],
  forward() {
    throw new Error('An input layer has no way forward: the batch is written into its tensor.')
  },
}
