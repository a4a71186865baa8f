import { z } from 'zod'
import { initializer } from '../initializers.ts'
import type { LayerKind, Shape } from '../layer.ts'
import { activate, activationGrad, activationName } from './activation.ts'
import { padding, pair, windows } from './window.ts'

const options = z.strictObject({
  filters: z.number().int().positive(),
  kernel: pair.default(3),
  strides: pair.default(1),
  dilation: pair.default(1),
  padding: padding.default('same'),
  activation: activationName.exclude(['softmax']).default('linear'),
  initializer: initializer.default('he-uniform'),
})
export type Conv2dOptions = z.infer<typeof options>

const outShape = (options: Conv2dOptions, [shape]: readonly Shape[], at: string): Shape => {
  const { pixels } = windows(shape, options, at)
  return [pixels.outHeight, pixels.outWidth, options.filters]
}

/** Convolution: x of shape [height, width, channels], W of shape [kernelHeight, kernelWidth, channels, filters]. */
export const conv2d: LayerKind<Conv2dOptions, z.input<typeof options>> = {
  kind: 'conv2d',
  title: 'Conv2D',
  options,
  arity: 1,
  outShape,
  parameters(options, [shape]) {
    const { taps, pixels } = windows(shape, options, 'conv2d')
    const area = taps.kernelHeight * taps.kernelWidth
    const fans = { fanIn: area * pixels.channels, fanOut: area * options.filters }
    const kernelShape = [taps.kernelHeight, taps.kernelWidth, pixels.channels, options.filters]
    return [
      { name: 'kernel', role: 'kernel', shape: kernelShape, initializer: options.initializer, ...fans },
      { name: 'bias', role: 'bias', shape: [options.filters], initializer: 'zeros', ...fans },
    ]
  },
  forward(emitter, options, [x], { kernel: w, bias: b }) {
    const { filters, activation } = options
    const { pixels, taps, dilations } = windows(x.shape, options, 'conv2d')
    const geometry = { ...pixels, ...taps, ...dilations, filters }
    const relu = activation === 'relu'
    const z = emitter.rows(outShape(options, [x.shape], 'conv2d'))
    emitter.emit('convolution', { x, w, b, y: z }, { ...geometry, relu: relu ? 1 : 0 })
    const { y } = relu ? { y: z } : activate(emitter, activation, z)
    return {
      y,
      pullback(dy, [wanted]) {
        const dz = activationGrad(emitter, activation, y, dy)
        const [dw, db] = [emitter.gradient(w), emitter.gradient(b)]
        emitter.emit('convolutionGradWeights', { x, dy: dz, dw, db }, geometry)
        if (!wanted) return [undefined]
        const dx = emitter.rows(x.shape)
        emitter.emit('convolutionGradInput', { dy: dz, w, dx }, geometry)
        return [dx]
      },
    }
  },
}
