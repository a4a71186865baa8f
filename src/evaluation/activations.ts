import { key } from '../base/random.ts'
import type { Engine } from '../engine/backend.ts'
import { type NamedTensor, openNetwork, type Preprocessing, setWeights } from '../model/network.ts'
import { outputOf } from '../model/programs.ts'
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
  const read = spec.nodes.map(({ name }) => outputOf(name))
  const options = { batch: 1, ...preprocessing, loss: 'cross-entropy', key: key(0), read } as const
  const network = openNetwork(spec, engine, options)
  return {
    setWeights: (weights) => setWeights(network, weights),
    show(pixels) {
      const probabilities = Float32Array.from(network.predict(pixels))
      const layers = network.model.nodes.map(({ name, kind, shape }) => {
        const values = Float32Array.from(network.tensor(outputOf(name)))
        return { name, kind: kind.kind, shape, values }
      })
      return { layers, probabilities }
    },
    close: () => network.close(),
  }
}
