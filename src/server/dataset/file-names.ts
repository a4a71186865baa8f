/** The four files of a set, as MNIST names them. */
export const fileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const
export type FileName = (typeof fileNames)[number]
