import { key } from '../base/random.ts'
import { REGISTERS } from '../engine/backend.ts'
import {
  type Engine,
  type NamedTensor,
  openNetwork,
  type Preprocessing,
  setWeights,
} from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'

/** What one layer gave for one image. */
export interface LayerOutput {
  readonly name: string
  /** `conv2d`, `dense`… */
  readonly kind: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What a network makes of one image, layer by layer. */
export interface Activations {
  readonly layers: readonly LayerOutput[]
  /** Of shape [classes]. */
  readonly probabilities: Float32Array
}

/** A network of which every layer can be read; it holds memory until it is closed. */
export interface Lens {
  /** Takes these weights from now on. */
  setWeights(weights: readonly NamedTensor[]): void
  /** Shows one image, as bytes of shape [pixels]. */
  show(pixels: Uint8Array): Activations
  close(): void
}

/** Opens a network for one image at a time. A softmax at its end is read before it (logits) and after (probabilities). */
export function openLens(spec: ModelSpec, engine: Engine, preprocessing: Preprocessing): Lens {
  const options = { batch: 1, ...preprocessing, loss: 'cross-entropy', key: key(0), fuses: false } as const
  const network = openNetwork(spec, engine, options)
  const { compiled, session } = network
  const { outputs, probabilities } = compiled.tensors
  const copy = ({ offset, length }: { readonly offset: number; readonly length: number }) =>
    Float32Array.from(session.floats.subarray(offset, offset + length))
  return {
    setWeights: (weights) => setWeights(network, weights),
    show(pixels) {
      session.bind({ images: pixels, labels: Uint8Array.of(0), order: Int32Array.of(0) })
      session.registers[REGISTERS.count] = 1
      session.registers[REGISTERS.position] = 0
      session.run('evaluate')
      const layers = spec.nodes.flatMap(({ name, kind }) => {
        const tensor = outputs.get(name)
        return tensor === undefined ? [] : [{ name, kind, shape: tensor.shape, values: copy(tensor) }]
      })
      return { layers, probabilities: copy(probabilities) }
    },
    close: () => network.close(),
  }
}
