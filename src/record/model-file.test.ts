import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import { resolve } from '../model/spec.ts'
import { readModelFile } from '../runs/run.ts'
import { decodeModelFile, describeModel, encodeModelFile, type ModelFile } from './model-file.ts'
import { encodeSafetensors } from './safetensors.ts'

const spec = network('mlp-deep-thin', { classes: 3 })
const tensors = resolve(spec).nodes.flatMap((node) =>
  node.parameters.map(({ name, shape }) => ({
    name: `${node.name}/${name}`,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5),
  })),
)
const parts = {
  name: 'thin',
  spec,
  classNames: ['a', 'b', 'c'],
  preprocessing: unitInterval,
  imageShape: [28, 28, 1],
  arithmetic: 'strict',
} as const
const model: ModelFile = { ...parts, tensors, metadata: { temperature: '1.5' } }

describe('a weights file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-model-file-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('holds all that prediction needs, and keeps what else it says', async () => {
    await writeFile(join(folder, 'weights.safetensors'), encodeModelFile(model))
    const read = await readModelFile(join(folder, 'weights.safetensors'))
    expect(read).toEqual({ ...model, metadata: { temperature: '1.5', ...describeModel(parts) } })
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('with a weight of %s is refused (case 14)', (value) => {
    const [first, ...others] = tensors
    const values = first.values.slice()
    values[3] = value
    const bytes = encodeModelFile({ ...model, tensors: [{ ...first, values }, ...others] })
    expect(() => decodeModelFile(bytes, 'w')).toThrow(
      new RegExp(`finite weights, received ${value} at position 3`),
    )
  })

  test('that is not there is named, with what would be', async () => {
    await expect(readModelFile(join(folder, 'none'))).rejects.toThrow(
      /none: expected a weights file.*run’s dir/,
    )
  })
})

describe('a weights file is refused', () => {
  const file = (metadata: Record<string, string>, kept = tensors) =>
    encodeSafetensors(kept, { ...describeModel(parts), ...metadata })

  test.each<[string, Uint8Array, RegExp]>([
    [
      'that names no architecture',
      encodeSafetensors(tensors, {}),
      /f: expected weights that Atelier wrote.*import/,
    ],
    ['whose architecture is torn', file({ architecture: '{"na' }), /f: architecture: expected JSON/],
    [
      'with names for other classes',
      file({ classNames: '["a","b"]' }),
      /f: .*expected 2 classes, received 3/,
    ],
    ['for images of another size', file({ imageShape: '[8,8,1]' }), /f: .*expected images of shape \[784\]/],
    [
      'that lacks a tensor',
      file({}, tensors.slice(1)),
      /f: weights: hidden_layer_1\/kernel: .*received none/,
    ],
    [
      'with a tensor of another shape',
      file({}, [{ name: tensors[0].name, shape: [2], values: new Float32Array(2) }, ...tensors.slice(1)]),
      /f: weights: hidden_layer_1\/kernel: expected \[784, 8\], received \[2\]/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeModelFile(bytes, 'f')).toThrow(message)
  })
})
