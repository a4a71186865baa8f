import type { Emitter, Tensor } from './layer.ts'

/** What a loss reads and leaves behind. */
export interface LossTensors {
  /** Of shape [batch, classes]. */
  readonly logits: Tensor
  readonly labels: Tensor
  readonly probabilities: Tensor
  /** One a row. */
  readonly losses: Tensor
  readonly hits: Tensor
}

/** The target: `on` for the true class and `off` for the others. */
export interface Targets {
  readonly classes: number
  readonly on: number
  readonly off: number
}

/** A row of the table of losses. */
export interface Loss {
  /** As a form and a report name it. */
  readonly label: string
  /** What the logits go through before the softmax that gives probabilities, here and in an exported network. */
  readonly activation: 'linear' | 'softmax'
  /** Writes the loss of the logits; returns a function that writes the gradient by the logits and returns where it lies. */
  write(emitter: Emitter, tensors: LossTensors, targets: Targets): () => Tensor
}

const crossEntropy: Loss = {
  label: 'cross-entropy of softmax',
  activation: 'linear',
  write(emitter, { logits: z, labels, probabilities: p, losses, hits }, targets) {
    emitter.emit('crossEntropy', { z, labels, p, losses, hits }, targets)
    return () => {
      const dz = emitter.rows([targets.classes])
      emitter.emit('crossEntropyGrad', { p, labels, dz }, targets)
      return dz
    }
  },
}

/** Feeds the probabilities to the loss as if they were logits: the reference study's slip, by name. */
const softmaxTwice: Loss = {
  label: 'cross-entropy of softmax applied twice',
  activation: 'softmax',
  write(emitter, tensors, targets) {
    const { classes } = targets
    const y = emitter.rows([classes])
    emitter.emit('softmax', { x: tensors.logits, y }, { classes })
    const gradient = crossEntropy.write(emitter, { ...tensors, logits: y }, targets)
    return () => {
      const dy = gradient()
      emitter.emit('softmaxGrad', { y, dy }, { classes })
      return dy
    }
  },
}

/** Every loss: a new one is a row. */
export const losses = {
  'cross-entropy': crossEntropy,
  'softmax-twice': softmaxTwice,
} as const satisfies Readonly<Record<string, Loss>>
export type LossName = keyof typeof losses
