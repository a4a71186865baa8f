import { z } from 'zod'
import { ShapeError } from '../../base/errors.ts'
import { initializer } from '../initializers.ts'
import { type LayerKind, spoken } from '../layer.ts'
import { activate, activationGrad, activationName } from './activation.ts'

const options = z.strictObject({
  units: z.number().int().positive(),
  activation: activationName.default('linear'),
  initializer: initializer.default('he-uniform'),
})
export type DenseOptions = z.infer<typeof options>

/** Fully connected: y = activation(x·W + b), x of shape [inputs], W of shape [inputs, units]. */
export const dense: LayerKind<DenseOptions, z.input<typeof options>> = {
  kind: 'dense',
  title: 'Dense',
  options,
  arity: 1,
  outShape({ units }, [shape], at) {
    if (shape.length !== 1) {
      throw new ShapeError({
        at,
        expected: '[features]',
        received: spoken(shape),
        hint: 'Put flatten() before it.',
      })
    }
    return [units]
  },
  parameters: ({ units, initializer }, [[inputs]]) => [
    { name: 'kernel', role: 'kernel', shape: [inputs, units], initializer, fanIn: inputs, fanOut: units },
    { name: 'bias', role: 'bias', shape: [units], initializer: 'zeros', fanIn: inputs, fanOut: units },
  ],
  forward(emitter, { units, activation }, [x], { kernel: w, bias: b }) {
    const size = { inputs: x.length, outputs: units }
    const relu = activation === 'relu'
    const z = emitter.rows([units])
    emitter.emit('dense', { x, w, b, y: z }, { ...size, relu: relu ? 1 : 0 })
    const { y } = relu ? { y: z } : activate(emitter, activation, z)
    return {
      y,
      pullback(dy, [wanted]) {
        const dz = activationGrad(emitter, activation, y, dy)
        const [dw, db] = [emitter.gradient(w), emitter.gradient(b)]
        emitter.emit('denseGradWeights', { x, dy: dz, dw, db }, size)
        if (!wanted) return [undefined]
        const dx = emitter.rows(x.shape)
        emitter.emit('denseGradInput', { dy: dz, w, dx }, size)
        return [dx]
      },
    }
  },
}
