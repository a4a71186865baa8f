import { describe, expect, test } from 'vitest'
import { namedNetworks, network } from '../src/model/named.ts'
import { summarize, summaryTable } from '../src/model/summary.ts'

// The printed summaries of the reference study: layer, output shape, parameters.
const flat = ['input_layer', '(None, 784)', 0] as const
const image = ['input_layer', '(None, 28, 28, 1)', 0] as const
const first = ['hidden_layer_1', '(None, 128)', 100_480] as const
const hidden = (n: number) => [`hidden_layer_${n}`, '(None, 128)', 16_512] as const
const output = (parameters: number) => ['output_layer', '(None, 10)', parameters] as const
const conv = (n: number, shape: string, parameters: number) =>
  [`conv_2d_layer_${n}`, `(None, ${shape})`, parameters] as const
const pool = (n: number, shape: string) => [`max_pool_2d_layer_${n}`, `(None, ${shape})`, 0] as const
const flatten = (size: number) => ['flatten_layer', `(None, ${size})`, 0] as const
const thin = (n: number) => [`hidden_layer_${n}`, '(None, 8)', n === 1 ? 6_280 : 72] as const

const reference = {
  'mlp-deep-thin': { total: 6_730, layers: [flat, ...[1, 2, 3, 4, 5, 6].map(thin), output(90)] },
  'mlp-small': { total: 101_770, layers: [flat, first, output(1_290)] },
  'mlp-medium': { total: 118_282, layers: [flat, first, hidden(2), output(1_290)] },
  'mlp-large': { total: 134_794, layers: [flat, first, hidden(2), hidden(3), output(1_290)] },
  'cnn-small': {
    total: 63_050,
    layers: [image, conv(1, '28, 28, 32', 320), pool(1, '14, 14, 32'), flatten(6272), output(62_730)],
  },
  'cnn-medium': {
    total: 50_186,
    layers: [
      image,
      conv(1, '28, 28, 32', 320),
      pool(1, '14, 14, 32'),
      conv(2, '14, 14, 64', 18_496),
      pool(2, '7, 7, 64'),
      flatten(3136),
      output(31_370),
    ],
  },
  'cnn-large': {
    total: 398_090,
    layers: [
      image,
      conv(1, '28, 28, 32', 320),
      pool(1, '14, 14, 32'),
      conv(2, '14, 14, 64', 18_496),
      pool(2, '7, 7, 64'),
      conv(3, '7, 7, 128', 73_856),
      pool(3, '4, 4, 128'),
      conv(4, '4, 4, 256', 295_168),
      pool(4, '2, 2, 256'),
      flatten(1024),
      output(10_250),
    ],
  },
}

describe('the networks of the reference study', () => {
  test('are these seven, and one of our own beside them', () => {
    expect(Object.keys(namedNetworks)).toEqual([...Object.keys(reference), 'cnn-residual'])
  })

  test.each(Object.entries(reference))(
    '%s has the layers, shapes and parameters of the study',
    (name, study) => {
      const { rows, ...counts } = summarize(network(name))
      expect(rows.map((row) => [row.name, row.outputShape, row.parameters])).toEqual(study.layers)
      expect(counts).toEqual({ name, total: study.total, trainable: study.total, nonTrainable: 0 })
    },
  )

  test('the summary is the table that Keras prints', () => {
    expect(summaryTable(network('cnn-small'))).toBe(
      [
        'Model: "cnn-small"',
        '─'.repeat(63),
        'Layer (type)                        Output Shape        Param #',
        '═'.repeat(63),
        'input_layer (InputLayer)            (None, 28, 28, 1)         0',
        'conv_2d_layer_1 (Conv2D)            (None, 28, 28, 32)      320',
        'max_pool_2d_layer_1 (MaxPooling2D)  (None, 14, 14, 32)        0',
        'flatten_layer (Flatten)             (None, 6272)              0',
        'output_layer (Dense)                (None, 10)           62,730',
        '═'.repeat(63),
        'Total params: 63,050',
        'Trainable params: 63,050',
        'Non-trainable params: 0',
      ].join('\n'),
    )
  })

  test('dropout comes after every hidden or pooling layer and has no parameters', () => {
    const names = (name: string) => summarize(network(name, { dropout: 0.2 })).rows.map((row) => row.name)
    expect(names('mlp-medium').filter((name) => name.startsWith('dropout'))).toHaveLength(2)
    expect(names('cnn-small').indexOf('dropout_layer_1')).toBe(
      names('cnn-small').indexOf('max_pool_2d_layer_1') + 1,
    )
    expect(summarize(network('cnn-large', { dropout: 0.2 })).total).toBe(398_090)
  })

  test('other images and classes change the ends alone', () => {
    const { rows } = summarize(network('cnn-small', { imageShape: [32, 32, 3], classes: 4 }))
    expect(rows[0].outputShape).toBe('(None, 32, 32, 3)')
    expect(rows.at(-1)?.outputShape).toBe('(None, 4)')
  })

  test('the residual network stays far below a million parameters', () => {
    const { rows, total, nonTrainable } = summarize(network('cnn-residual', { dropout: 0.2 }))
    expect({ total, nonTrainable }).toEqual({ total: 469_962, nonTrainable: 1_248 })
    expect(rows.filter(({ name }) => name.endsWith('_add'))).toHaveLength(2)
    expect(rows.filter(({ name }) => name.startsWith('dropout'))).toHaveLength(2)
    expect(rows.find(({ name }) => name === 'global_pool_layer')?.outputShape).toBe('(None, 128)')
  })

  test('a name that is none lists those that are', () => {
    expect(() => network('cnn-huge')).toThrow(/expected one of mlp-deep-thin, .*, cnn-residual.*"cnn-huge"/)
  })
})
