import { z } from 'zod'
import { type LayerKind, type ParameterSpec, volume } from '../layer.ts'

const options = z.strictObject({
  /** How much of the running statistics is kept at a step. */
  momentum: z.number().min(0).lt(1).default(0.9),
  epsilon: z.number().positive().default(1e-5),
})
export type BatchNormOptions = z.infer<typeof options>

/**
 * Batch normalization (Ioffe and Szegedy 2015) of the last axis: y = γ·(x − mean) / √(variance + ε) + β, by the batch's own
 * statistics in training and by the running ones, which are parts of the weights, afterwards.
 */
export const batchNorm: LayerKind<BatchNormOptions, z.input<typeof options>> = {
  kind: 'batchNorm',
  title: 'BatchNormalization',
  options,
  arity: 1,
  outShape: (_, [shape]) => shape,
  parameters(_, [shape]) {
    const channels = shape[shape.length - 1]
    const parameter = (
      name: string,
      role: ParameterSpec['role'],
      initializer: ParameterSpec['initializer'],
    ): ParameterSpec => ({ name, role, initializer, shape: [channels], fanIn: channels, fanOut: channels })
    return [
      parameter('gamma', 'bias', 'ones'),
      parameter('beta', 'bias', 'zeros'),
      parameter('mean', 'statistic', 'zeros'),
      parameter('variance', 'statistic', 'ones'),
    ]
  },
  forward(emitter, { momentum, epsilon }, [x], { gamma, beta, mean, variance }) {
    const channels = gamma.length
    const size = { pixels: volume(x.shape) / channels, channels }
    const y = emitter.rows(x.shape)
    if (!emitter.training) {
      emitter.emit('batchNormInference', { x, gamma, beta, mean, variance, y }, { ...size, epsilon })
      return {
        y,
        pullback(dy) {
          const dx = emitter.rows(x.shape)
          const zero = emitter.zeros(gamma.shape) // with running statistics the layer is linear: dx = γ·dy / √(variance + ε)
          const operands = { x: dy, gamma, beta: zero, mean: zero, variance, y: dx }
          emitter.emit('batchNormInference', operands, { ...size, epsilon })
          return [dx]
        },
      }
    }
    const saved = emitter.fixed([2, channels])
    emitter.emit('batchNorm', { x, gamma, beta, mean, variance, saved, y }, { ...size, momentum, epsilon })
    return {
      y,
      pullback(dy) {
        const dx = emitter.rows(x.shape)
        const [dgamma, dbeta] = [emitter.gradient(gamma), emitter.gradient(beta)]
        emitter.emit('batchNormGrad', { x, dy, gamma, saved, dgamma, dbeta, dx }, size)
        return [dx]
      },
    }
  },
}
