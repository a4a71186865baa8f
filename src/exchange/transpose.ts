import { type Shape, volume } from '../model/layer.ts'

/** The tensor whose axis i is axis `axes[i]` of the given one, as `numpy.transpose` has it. */
export function transpose(
  values: Float32Array,
  shape: Shape,
  axes: readonly number[],
): { readonly shape: Shape; readonly values: Float32Array } {
  const steps = shape.map((_, axis) => volume(shape.slice(axis + 1)))
  const outShape = axes.map((axis) => shape[axis])
  const out = new Float32Array(values.length)
  const place = new Array<number>(axes.length).fill(0)
  let from = 0
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from]
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axes[axis]]
      place[axis] += 1
      if (place[axis] < outShape[axis]) break
      from -= steps[axes[axis]] * outShape[axis]
      place[axis] = 0
    }
  }
  return { shape: outShape, values: out }
}
