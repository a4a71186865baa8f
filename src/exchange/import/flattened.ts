import { InputError } from '../../base/errors.ts'
import type { Shape } from '../../model/layer.ts'
import type { ResolvedModel } from '../../model/spec.ts'

/** Layers whose values keep their places. */
const keeps = new Set(['dropout', 'activation', 'batchNorm'])

/** Whether channels first and channels last put the values of an image in different places. */
const isMoved = (shape: Shape) => shape.length === 3 && shape[2] > 1 && shape[0] * shape[1] > 1

/**
 * Of each layer whose output is a row that was once an image, and would lie in another order with its channels first: that
 * image's shape, [height, width, channels]. Throws an InputError where such a row is added to another.
 */
export function flattenedFrom({ nodes }: ResolvedModel, imageShape: Shape): ReadonlyMap<string, Shape> {
  const found = new Map<string, Shape>()
  const shapes = new Map(nodes.map(({ name, shape }) => [name, shape]))
  for (const { name, kind, shape, inputs } of nodes) {
    const [first, second] = inputs.map((input) => found.get(input))
    let origin: Shape | undefined
    if (kind.kind === 'input' && shape.length === 1) origin = imageShape
    else if (kind.kind === 'flatten')
      origin = shapes.get(inputs[0])!.length === 1 ? first : shapes.get(inputs[0])
    else if (keeps.has(kind.kind)) origin = first
    else if (kind.kind === 'add') {
      if (first?.join() !== second?.join()) {
        throw new InputError({
          at: `${name} (add)`,
          expected: 'two rows in the same order',
          received: 'a flattened image and another row, which agree only with the channels last',
        })
      }
      origin = first
    }
    if (origin !== undefined && isMoved(origin)) found.set(name, origin)
  }
  return found
}
