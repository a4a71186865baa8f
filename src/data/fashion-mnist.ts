import type { KnownSet } from './known-set.ts'

/** Zalando's names of the ten classes; the silhouettes carry the same. */
export const fashionClassNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const

/** Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning" (2017). */
export const fashionMnist: KnownSet = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  classNames: fashionClassNames,
  address: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  files: {
    trainImages: { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
    trainLabels: { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe' },
    testImages: { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79' },
    testLabels: { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
  },
}

/** SHA-256, hex, of its content, from whichever files it was read: see `Dataset.hash`. */
export const fashionMnistHash = 'ee1865b98135b0dbc47f3a4daa22607fa0196ec08965ff7818ac68dd50644295'
