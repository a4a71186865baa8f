/** A parameter of ours as another library keeps it. */
export interface Part {
  /** The library's name for it, within its layer. */
  readonly name: string
  /** Its axes in our order, as `numpy.transpose` takes them; absent where the order is the same. */
  readonly axes?: readonly number[]
  /** Whether its first axis, of ours, counts the values that the layer is given: it moves as they do. */
  readonly countsInputs?: true
  /** What it is where the layer was made without it; absent where it cannot be. */
  readonly usual?: 0 | 1
}

/** How a library names and lays out the weights of the layers that we have. */
export interface Layout {
  readonly title: string
  /** Whether images are [channels, height, width], which moves what comes after a `flatten`. */
  readonly isChannelsFirst: boolean
  /** Parts that say nothing of the network. */
  readonly ignored: readonly string[]
  /** By kind of layer and by our name of the parameter. */
  readonly parts: Readonly<Record<string, Readonly<Record<string, Part>>>>
}

/**
 * Where weights may come from. A new library is a row. PyTorch: `torch.nn` Linear, Conv2d, BatchNorm1d and 2d; Keras: Dense,
 * Conv2D and BatchNormalization, as their documentation lays them out.
 */
export const layouts = {
  torch: {
    title: 'PyTorch',
    isChannelsFirst: true,
    ignored: ['num_batches_tracked'],
    parts: {
      dense: {
        kernel: { name: 'weight', axes: [1, 0], countsInputs: true },
        bias: { name: 'bias', usual: 0 },
      },
      conv2d: { kernel: { name: 'weight', axes: [2, 3, 1, 0] }, bias: { name: 'bias', usual: 0 } },
      batchNorm: {
        gamma: { name: 'weight', countsInputs: true, usual: 1 },
        beta: { name: 'bias', countsInputs: true, usual: 0 },
        mean: { name: 'running_mean', countsInputs: true },
        variance: { name: 'running_var', countsInputs: true },
      },
    },
  },
  keras: {
    title: 'Keras',
    isChannelsFirst: false,
    ignored: [],
    parts: {
      dense: { kernel: { name: 'kernel' }, bias: { name: 'bias', usual: 0 } },
      conv2d: { kernel: { name: 'kernel' }, bias: { name: 'bias', usual: 0 } },
      batchNorm: {
        gamma: { name: 'gamma', usual: 1 },
        beta: { name: 'beta', usual: 0 },
        mean: { name: 'moving_mean' },
        variance: { name: 'moving_variance' },
      },
    },
  },
} as const satisfies Record<string, Layout>
/** The libraries that weights can come from. */
export type LayoutName = keyof typeof layouts
