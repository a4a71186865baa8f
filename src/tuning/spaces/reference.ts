import { defineSpace } from '../space.ts'

/** The reference study's space for MLPs: 324 points. Initialization is He-uniform, activation ReLU, momentum 0.9 (Nesterov). */
export const mlp = defineSpace({
  name: 'mlp',
  parameters: {
    batch: [16, 32, 64],
    learningRate: [0.01, 0.001],
    dropout: [0.1, 0.2, 0.3],
    first: [64, 128, 256],
    second: [64, 128, 256],
    optimizer: ['sgd', 'adam'],
  },
})

/** The reference study's space for CNNs: 1,728 points. Pooling is 2×2 with stride 2, as in the named networks; batches of 32. */
export const cnn = defineSpace({
  name: 'cnn',
  parameters: {
    learningRate: [0.01, 0.001],
    dropout: [0.1, 0.2, 0.3],
    filters1: [32, 64, 128],
    filters2: [32, 64, 128],
    kernel1: [3, 5],
    kernel2: [3, 5],
    stride1: [1, 2],
    stride2: [1, 2],
    optimizer: ['sgd', 'adam'],
  },
})
