import { describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { add, dense, flatten, input, model } from '../model/functional.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import { train } from './train.ts'

// What people give by mistake, in plain JavaScript too: each is told where it is, what was expected, and what came.
const data = await loadDataset(parseSource('silhouettes:train=200,test=50'))
const parts = split(data.train, { validation: 0.2, seed: 1 })
const withTrain = (more: object) => ({ ...data, train: { ...data.train, ...more } })
const channelsFirst = (() => {
  const images = input([1, 28, 28])
  return model({ inputs: images, outputs: dense({ units: 10 })(flatten()(images)) })
})()
const x = input([8])

const states: Checkpoint[] = []
for await (const event of train({ model: 'mlp-small', data, epochs: 1, validation: parts, threads: 1 }))
  if (event.type === 'state') states.push(event.checkpoint)
const [resume] = states

/** Options of `train`, and what is said of them. */
const options: Readonly<Record<string, readonly [given: object, message: string]>> = {
  'no data': [{ data: undefined }, 'data: expected a dataset, as loadDataset gives it, received nothing'],
  'a source for data': [
    { data: 'fashion-mnist' },
    'data: expected a dataset, as loadDataset gives it, received string',
  ],
  'no network': [{ model: undefined }, 'model: expected'],
  'a network that is a number': [{ model: 3 }, 'model: expected'],
  'an unknown network': [{ model: 'mlp-tiny' }, 'mlp-small'],
  'an unknown setting': [{ learningrate: 0.1 }, 'received "learningrate"'],
  'an unknown loss': [
    { loss: 'hinge' },
    'loss: expected one of cross-entropy, softmax-twice, received "hinge"',
  ],
  'an optimizer by its name': [{ optimizer: 'adam' }, 'optimizer: expected'],
  'no epochs': [{ epochs: 0 }, 'epochs: expected a whole number from 1, received 0'],
  'threads in words': [{ threads: 'many' }, 'threads: expected a whole number from 1 to 64'],
  'a share beyond one': [{ validation: 2 }, 'validation: expected a share between 0 and 1'],
  'a split that is none': [
    { validation: {} },
    'validation: expected a share of the training images, a split with',
  ],
  'channels first': [
    { model: channelsFirst },
    'expected images of shape [1, 28, 28], received [28, 28, 1]. Shapes are [height, width, channels].',
  ],
  'a label beyond the classes': [
    { data: withTrain({ labels: data.train.labels.map((label, i) => (i === parts.train[3] ? 12 : label)) }) },
    `labels: expected labels below the number of classes, 10, received 12 for image ${parts.train[3]}, in train`,
  ],
  'too few pixels': [
    { data: withTrain({ pixels: data.train.pixels.subarray(0, 1000) }) },
    'pixels: expected 156800 bytes of shape [200, 28, 28, 1], received 1000',
  ],
  'too few labels': [
    { data: withTrain({ labels: data.train.labels.subarray(0, 190) }) },
    'pixels: expected 148960 bytes of shape [190, 28, 28, 1], received 156800. There is one label for each image.',
  ],
  'pixels that are floats': [
    { data: withTrain({ pixels: new Float32Array(156_800) }) },
    'pixels: expected a Uint8Array, received Float32Array',
  ],
  'an image that is not there': [
    { validation: { ...parts, train: Int32Array.from([0, 1, 999]) } },
    'train: expected numbers of 200 images, from 0, received 999',
  ],
  'an image on both sides': [
    { validation: { train: Int32Array.from([0, 1, 2]), validation: Int32Array.from([2, 3]) } },
    'validation: expected images that are not learned from, received image 2, which is among those for training',
  ],
  'lists of numbers': [
    { validation: { train: [0, 1], validation: [2] } },
    'train: expected an Int32Array of image numbers, received Array',
  ],
  'nothing to validate on': [
    { validation: { train: Int32Array.from([0, 1]), validation: new Int32Array(0) } },
    'data: expected images to train on and images to validate on, received none in validation',
  ],
  'a hook that is none': [{ onStep: 3 }, 'onStep: expected a function, received number'],
  'a signal that is none': [{ signal: true }, 'signal: expected an AbortSignal, received boolean'],
  'a tensor that is not there': [{ read: ['nothing'] }, 'read: expected a tensor of the network'],
  'a checkpoint that is none': [{ resume: {} }, 'resume: expected a checkpoint'],
  'another seed on the way': [
    { resume, seed: 2, epochs: 2 },
    'resume: seed: expected 1, which the training had when its checkpoint was made, received 2',
  ],
  'another optimizer on the way': [
    { resume, optimizer: { kind: 'adam' }, epochs: 2 },
    'resume: optimizer: expected {"kind":"sgd"',
  ],
  'another network on the way': [{ resume, model: 'mlp-medium', epochs: 2 }, 'weights: '],
}

/** What is thrown before anything is trained. */
const thrown = (work: () => unknown): Promise<unknown> =>
  (async () => work())().then(
    () => undefined,
    (error: unknown) => error,
  )

describe('train', () => {
  test.each(Object.entries(options))('%s', async (_, [given, message]) => {
    const all = { model: 'mlp-small', data, epochs: 1, validation: parts, threads: 1, ...given }
    const error = await thrown(() => train(all as Parameters<typeof train>[0]))
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toMatch(/--|undefined|\[object/)
  })
})

describe('a network', () => {
  const calls: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
    'a number for options': [
      () => dense(10 as unknown as { units: number })(x),
      'dense: expected options by their names',
    ],
    'no tensor': [() => dense({ units: 2 })(), 'dense: expected 1 tensor, received 0'],
    'one tensor to add': [() => add()(x), 'add: expected 2 tensors, received 1. As in add()(x, y).'],
    'a list of tensors': [
      () => add()(...([[x, x]] as unknown as [typeof x])),
      'add: expected 2 tensors, received a list',
    ],
    'a layer for a tensor': [
      () => dense({ units: 2 })(flatten() as unknown as typeof x),
      'dense: expected 1 tensor, received',
    ],
    'several inputs': [
      () => model({ inputs: [x, x] as unknown as typeof x, outputs: dense({ units: 2 })(x) }),
      'model: inputs: expected one tensor: a network has one input and one output, received 2 in a list',
    ],
    'an input of another network': [
      () => model({ inputs: input([8]), outputs: dense({ units: 2 })(x) }),
      'model: expected outputs that follow from inputs',
    ],
  }
  test.each(Object.entries(calls))('%s', async (_, [call, message]) => {
    const error = await thrown(call)
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toContain(message)
  })
})
