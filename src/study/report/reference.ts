/** Test loss and accuracy of the baselines in the reference study (2020; SGD-Nesterov, 100 epochs). */
export const referenceResults: Readonly<
  Record<string, { readonly loss: number; readonly accuracy: number }>
> = {
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

/**
 * The loss of a perfect classifier whose probabilities are put through softmax a second time: ln(1 + (k − 1) / e),
 * since the second softmax sees one 1 and k − 1 zeros.
 */
export const doubledSoftmaxFloor = (classes: number) => Math.log(1 + (classes - 1) / Math.E)
