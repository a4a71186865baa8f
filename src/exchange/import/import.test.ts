import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fashionClassNames } from '../../data/fashion-mnist.ts'
import { wasm } from '../../engine/wasm.ts'
import { dense, flatten, input, model } from '../../model/functional.ts'
import { network } from '../../model/named.ts'
import { parseModel } from '../../model/spec.ts'
import { decodeModelFile, encodeModelFile } from '../../record/model-file.ts'
import { encodeSafetensors } from '../../record/safetensors.ts'
import { predict } from '../fixtures/predict.ts'
import { type ImportRequest, importModel } from './import.ts'

const oracle = (name: string) =>
  readFileSync(new URL(`../../../test/oracles/imported/${name}`, import.meta.url))
const spec = parseModel(JSON.parse(oracle('network.json').toString()), 'network.json')
const classNames = fashionClassNames
const imageShape = [28, 28, 1]
const keras: ImportRequest = { layout: 'keras', spec, classNames, imageShape }
const torch: ImportRequest = { layout: 'torch', spec, classNames, imageShape }

type Values = readonly [name: string, shape: readonly number[], values?: readonly number[]]
/** A file of float32 tensors; they are zero unless told otherwise. */
const file = (...tensors: readonly Values[]) =>
  encodeSafetensors(
    tensors.map(([name, shape, values]) => ({
      name,
      shape,
      values: Float32Array.from(values ?? new Array(shape.reduce((a, b) => a * b)).fill(0)),
    })),
    {},
  )

/** A file of one tensor of any type. */
function raw(name: string, dtype: string, shape: readonly number[], bytes: readonly number[]) {
  const header = JSON.stringify({ [name]: { dtype, shape, data_offsets: [0, bytes.length] } })
  const head = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(head.length))
  return Buffer.concat([length, head, Buffer.from(bytes)])
}

const tensorOf = (
  { tensors }: { readonly tensors: readonly { name: string; values: Float32Array }[] },
  name: string,
) => [...tensors.find((tensor) => tensor.name === name)!.values]

describe('weights from elsewhere', () => {
  // oracles/imported/keras_network.py drew them and says how; it evaluated them by Keras' documented formulas.
  test('of Keras: every layer, in its layout and under its names', () => {
    const { model: found, matches } = importModel(oracle('keras.safetensors'), 'keras.safetensors', keras)
    const { probabilities } = JSON.parse(oracle('keras.json').toString()) as { probabilities: number[][] }
    const pixels = Uint8Array.from({ length: 12 * 784 }, (_, i) => (i * 7919 + i * i * 31) % 256)
    const said = predict(found, pixels, { backend: wasm, arithmetic: 'strict', threads: 1 })
    probabilities.flat().forEach((p, i) => {
      expect(said[i]).toBeCloseTo(p, 5)
    })
    expect(matches.slice(-4).map(({ from }) => from)).toEqual(
      ['dense_9', 'dense_10', 'dense_11', 'dense_12'].map((name) => `sequential/${name}`),
    )
  })

  test('become a weights file like any other', () => {
    const preprocessing = { scale: 1 / 100, shift: -1 }
    const request = { ...torch, preprocessing, source: 'silhouettes' }
    const { model: found } = importModel(oracle('torch.safetensors'), 'dir/torch.safetensors', request)
    const again = decodeModelFile(encodeModelFile(found), 'again')
    expect(again).toMatchObject({ classNames, preprocessing, imageShape, name: 'from-elsewhere' })
    expect(again.metadata).toMatchObject({ source: 'silhouettes', importedFrom: 'torch.safetensors' })
    expect(again.tensors).toEqual(found.tensors)
  })

  test('of PyTorch, whose channels come first, are moved behind a flatten', () => {
    const image = input([1, 2, 2], 'image')
    const outputs = dense({ units: 2, name: 'said' })(flatten()(image))
    const small = {
      ...torch,
      spec: model({ inputs: image, outputs }),
      classNames: ['a', 'b'],
      imageShape: [1, 2, 2],
    }
    // [units, channels · height · width]: of each unit the two pixels of the first channel, then those of the second
    const { model: found } = importModel(file(['fc.weight', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]]), 'w', small)
    expect(tensorOf(found, 'said/kernel')).toEqual([1, 5, 3, 7, 2, 6, 4, 8])
    expect(tensorOf(found, 'said/bias')).toEqual([0, 0])
  })

  test('of PyTorch for a network that takes rows are moved where the images have colors', () => {
    const rows = input([4], 'image')
    const spec = model({ inputs: rows, outputs: dense({ units: 2, name: 'said' })(rows) })
    const weight: Values = ['fc.weight', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]]
    const kernel = (imageShape: readonly number[]) =>
      tensorOf(
        importModel(file(weight), 'w', { ...torch, spec, imageShape, classNames: ['a', 'b'] }).model,
        'said/kernel',
      )
    expect(kernel([1, 2, 2])).toEqual([1, 5, 3, 7, 2, 6, 4, 8])
    expect(kernel([2, 2, 1])).toEqual([1, 5, 2, 6, 3, 7, 4, 8])
  })

  test('in other floats are read: float64, float16, bfloat16', () => {
    const one = input([1], 'image')
    const tiny = { ...torch, imageShape: [1, 1, 1], classNames: ['a', 'b'] }
    const request = { ...tiny, spec: model({ inputs: one, outputs: dense({ units: 2, name: 'said' })(one) }) }
    const kernel = (dtype: string, bytes: readonly number[]) =>
      tensorOf(importModel(raw('fc.weight', dtype, [2, 1], bytes), 'w', request).model, 'said/kernel')
    expect(kernel('F64', [...new Uint8Array(Float64Array.of(-1.5, 0.1).buffer)])).toEqual([
      -1.5,
      Math.fround(0.1),
    ])
    expect(kernel('F16', [0x00, 0xc1, 0x01, 0x00])).toEqual([-2.5, 2 ** -24])
    expect(kernel('BF16', [0xc0, 0x3f, 0x20, 0xc0])).toEqual([1.5, -2.5])
    expect(() => kernel('I16', [0, 0, 0, 0])).toThrow(
      'w: fc.weight: expected one of F32, F64, F16, BF16, received I16',
    )
    expect(() => kernel('F16', [0x00, 0x7c, 0, 0])).toThrow(
      'w: fc.weight: expected finite weights, received Infinity',
    )
    expect(() => kernel('Q4', [0, 0, 0, 0])).toThrow(
      'expected a known type in tensor "fc.weight", received Q4',
    )
  })
})

describe('which weights belong to which layer', () => {
  const mlp = { ...keras, spec: network('mlp-large') }
  const [first, same, last]: readonly (readonly number[])[] = [
    [784, 128],
    [128, 128],
    [128, 10],
  ]
  const from = (...groups: readonly (readonly [string, readonly number[]])[]) => {
    const tensors = groups.flatMap(([name, shape]): Values[] => [
      [`${name}/kernel`, shape],
      [`${name}/bias`, [shape[1]]],
    ])
    return importModel(file(...tensors), 'w.safetensors', mlp).matches.map((match) => match.from)
  }

  test('is told by shapes and by the numbers in the names', () => {
    expect(from(['d', last], ['b_10', same], ['b_9', same], ['c', first])).toEqual(['c', 'b_9', 'b_10', 'd'])
  })
  test('is told by our own names', () => {
    expect(
      from(['m/hidden_layer_3', same], ['m/x', first], ['m/y', last], ['m/hidden_layer_2', same]),
    ).toEqual(['m/x', 'm/hidden_layer_2', 'm/hidden_layer_3', 'm/y'])
  })
  test('is asked for where it cannot be told, and told by --names', () => {
    const groups = [
      ['in', first],
      ['query', same],
      ['key', same],
      ['out', last],
    ] as const
    expect(() => from(...groups)).toThrow(
      /w\.safetensors: expected names that tell which is which of hidden_layer_2, hidden_layer_3, received query, key.*--names/,
    )
    const tensors = groups.map(([name, shape]): Values => [`${name}/kernel`, shape])
    const named = (...names: readonly string[]) =>
      importModel(file(...tensors), 'w', { ...mlp, names }).matches
    expect(named('in', 'key', 'query', 'out').map((match) => match.from)).toEqual([
      'in',
      'key',
      'query',
      'out',
    ])
    expect(() => named('in', 'key', 'out')).toThrow('--names: expected 4 different names, for hidden_layer_1')
    expect(() => named('in', 'key', 'query', 'end')).toThrow('besides out (kernel [128, 10])')
    expect(() => named('query', 'key', 'in', 'out')).toThrow(
      'w: query: expected kernel [784, 128], bias [128] for hidden_layer_1, received kernel [128, 128]',
    )
  })
  test.each([
    [
      'one is missing',
      [
        ['a', first],
        ['b', same],
        ['d', last],
      ],
      'expected 2 times kernel [128, 128], bias [128] for hidden_layer_2, hidden_layer_3, received b; others in the file: d (kernel [128, 10], bias [10])',
    ],
    [
      'one has another shape',
      [
        ['a', [783, 128]],
        ['b1', same],
        ['b2', same],
        ['d', last],
      ],
      'expected kernel [784, 128], bias [128] for hidden_layer_1, received none; others in the file: a (kernel [783, 128], bias [128])',
    ],
    [
      'there is one more',
      [
        ['a', first],
        ['b1', same],
        ['b2', same],
        ['b3', same],
        ['d', last],
      ],
      'only for hidden_layer_2, hidden_layer_3, received b1, b2, b3',
    ],
    [
      'there is one of another network',
      [
        ['a', first],
        ['b1', same],
        ['b2', same],
        ['d', last],
        ['e', [10, 3]],
      ],
      'expected weights of this network alone, received besides e (kernel [10, 3], bias [3])',
    ],
  ] as const)('is refused where %s', (_, groups, message) => {
    expect(() => from(...groups)).toThrow(message)
  })

  test('is refused where the layout is another', () => {
    expect(() => importModel(oracle('torch.safetensors'), 'w', keras)).toThrow(
      /w: expected .* Check --model and --layout\./,
    )
  })
})
