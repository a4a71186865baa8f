import { z } from 'zod'
import { ShapeError } from '../../base/errors.ts'
import { type Emitter, type LayerKind, type Pullback, spoken, type Tensor, volume } from '../layer.ts'

export const activationName = z.enum(['linear', 'relu', 'sigmoid', 'tanh', 'softmax'])
export type ActivationName = z.infer<typeof activationName>

const options = z.strictObject({ activation: activationName })
export type ActivationOptions = z.infer<typeof options>

/** Writes down y = activation(x). */
function forward(emitter: Emitter, activation: ActivationName, x: Tensor): Tensor {
  if (activation === 'linear') return x
  const y = emitter.rows(x.shape)
  if (activation === 'softmax') emitter.emit('softmax', { x, y }, { classes: volume(x.shape) })
  else emitter.emit(activation, { x, y }, { size: volume(x.shape) })
  return y
}

/** Turns the gradient of y = activation(x) into that of x, in place. */
export function activationGrad(emitter: Emitter, activation: ActivationName, y: Tensor, dy: Tensor): Tensor {
  if (activation === 'linear') return dy
  if (activation === 'softmax') emitter.emit('softmaxGrad', { y, dy }, { classes: volume(y.shape) })
  else emitter.emit(`${activation}Grad`, { y, dy }, { size: volume(y.shape) })
  return dy
}

/** An activation as a layer's last step. */
export function activate(
  emitter: Emitter,
  activation: ActivationName,
  x: Tensor,
): { readonly y: Tensor; readonly pullback: Pullback } {
  const y = forward(emitter, activation, x)
  return { y, pullback: (dy) => [activationGrad(emitter, activation, y, dy)] }
}

/** An elementwise function, or softmax over the values of an example. */
export const activation: LayerKind<ActivationOptions, z.input<typeof options>> = {
  kind: 'activation',
  title: 'Activation',
  options,
  arity: 1,
  outShape({ activation }, [shape], at) {
    if (activation === 'softmax' && shape.length !== 1) {
      throw new ShapeError({
        at,
        expected: '[classes]',
        received: spoken(shape),
        hint: 'Put flatten() before it.',
      })
    }
    return shape
  },
  parameters: () => [],
  forward: (emitter, { activation }, [x]) => activate(emitter, activation, x),
}
