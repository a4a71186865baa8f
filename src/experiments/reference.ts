import { fashionMnistHash } from '../data/fashion-mnist.ts'

/** Loss and accuracy on the test images. */
export interface ReferenceResult {
  readonly loss: number
  readonly accuracy: number
}

/** Whether data are those of the reference study, by their content: its figures say nothing of any others. */
export const isReferenceData = ({ hash }: { readonly hash: string }): boolean => hash === fashionMnistHash

/** Test loss and accuracy of the baselines in the reference study (2020; SGD-Nesterov, 100 epochs). */
export const referenceResults: Readonly<Record<string, ReferenceResult>> = {
  'mlp-small': { loss: 1.715313, accuracy: 0.7492 },
  'mlp-medium': { loss: 1.638555, accuracy: 0.8236 },
  'mlp-large': { loss: 1.728768, accuracy: 0.7302 },
  'cnn-small': { loss: 1.615897, accuracy: 0.8448 },
  'cnn-medium': { loss: 1.629447, accuracy: 0.8309 },
  'cnn-large': { loss: 1.566829, accuracy: 0.8941 },
}

/** The same networks with dropout and early stopping. */
export const regularizedResults: typeof referenceResults = {
  'mlp-small': { loss: 1.703015, accuracy: 0.7586 },
  'mlp-medium': { loss: 1.605595, accuracy: 0.8549 },
  'mlp-large': { loss: 1.614829, accuracy: 0.8457 },
  'cnn-small': { loss: 1.571237, accuracy: 0.8914 },
  'cnn-medium': { loss: 1.558384, accuracy: 0.9038 },
  'cnn-large': { loss: 1.576308, accuracy: 0.8841 },
}
