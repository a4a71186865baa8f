import type { Attributes } from '../operation.ts'
import type { Context, Meaning, Offsets, Round } from './context.ts'
import { convolution } from './convolution.ts'
import { NOWHERE, pooling } from './pooling.ts'

/** The windows of the pool, which sees the convolution's output. */
const poolOf = (a: Attributes): Attributes => ({
  height: a.outHeight,
  width: a.outWidth,
  channels: a.filters,
  outHeight: a.poolOutHeight,
  outWidth: a.poolOutWidth,
  kernelHeight: a.poolHeight,
  kernelWidth: a.poolWidth,
  strideHeight: a.poolStrideHeight,
  strideWidth: a.poolStrideWidth,
  padTop: a.poolPadTop,
  padLeft: a.poolPadLeft,
})

/** Convolutions that pool on their way out: exactly the two operations, one after the other, over a longer memory. */
export function convolutionPool(round: Round) {
  const { convolution: convolve, convolutionGradWeights, convolutionGradInput } = convolution(round)
  const { maxPool, maxPoolGrad } = pooling(round)

  /** Runs `steps` on a copy of the memory with room behind it for the image between, then takes the copy over. */
  function within(context: Context, a: Attributes, steps: (longer: Context, between: number) => void) {
    const { memory } = context
    const room = context.count * a.outHeight * a.outWidth * a.filters
    const longer =
      memory instanceof Float32Array
        ? new Float32Array(memory.length + room)
        : new Float64Array(memory.length + room)
    longer.set(memory)
    steps({ ...context, memory: longer }, memory.length)
    memory.set(longer.subarray(0, memory.length))
  }

  const forward: Meaning = (context, at, a) =>
    within(context, a, (longer, between) => {
      convolve(longer, { ...at, y: between }, a)
      maxPool(longer, { x: between, y: at.y, argmax: at.argmax }, poolOf(a))
      if (a.relu) closeWhereRectified(longer, at, a.poolOutHeight * a.poolOutWidth * a.filters)
    })

  /** Where the largest value is not above zero the ReLU lets no gradient pass. */
  function closeWhereRectified({ memory, count }: Context, { y, argmax }: Offsets, image: number) {
    for (let i = 0; i < count * image; i++) if (!(memory[y + i] > 0)) memory[argmax + i] = NOWHERE
  }

  const backward =
    (gradient: Meaning): Meaning =>
    (context, at, a) =>
      within(context, a, (longer, between) => {
        const unpool: Offsets = { dy: at.dy, argmax: at.argmax, dx: between }
        maxPoolGrad(longer, unpool, poolOf(a))
        gradient(longer, { ...at, dy: between }, a)
      })

  return {
    convolutionPool: forward,
    convolutionPoolGradWeights: backward(convolutionGradWeights),
    convolutionPoolGradInput: backward(convolutionGradInput),
  }
}
