import { existsSync, readFileSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { loadClassifier } from '../src/recognition/load.ts'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

/*
 * oracles/imported/torch_network.py trained a network in PyTorch on silhouettes: convolutions with and without bias,
 * batch-norm, a residual branch, strides, flatten. It says what PyTorch says of the test images.
 */
const path = (name: string) => new URL(`oracles/imported/${name}`, import.meta.url).pathname
const oracle = JSON.parse(readFileSync(path('torch.json'), 'utf8')) as {
  source: string
  hash: string
  mean: number
  std: number
  loss: number
  accuracy: number
}

const place = workplace()
const call = (...args: string[]) => atelier(args, { cwd: place.path })
const model = ['--model', path('network.json')]
const given = [...model, '--layout', 'torch', '--data', oracle.source]
const prepared = ['--mean', String(oracle.mean), '--std', String(oracle.std)]

describe('a network trained in PyTorch', () => {
  beforeAll(async () => {
    await copyFile(path('torch.safetensors'), join(place.path, 'shirts.safetensors'))
  })

  test('is imported, and says of the test images what PyTorch says', async () => {
    expect((await loadDataset(parseSource(oracle.source))).hash).toBe(oracle.hash)
    const imported = documentOf<{ file: string; matches: unknown[] }>(
      await call('import', 'shirts.safetensors', ...given, ...prepared, '--json'),
    )
    expect(imported.file).toBe('shirts-imported.safetensors')
    expect(imported.matches).toContainEqual({ layer: 'hidden_2', from: 'classifier.2' })
    const evaluation = documentOf<{ test: { loss: number; accuracy: number }; validation: null }>(
      await call('evaluate', imported.file, '--json'),
    )
    expect(evaluation.test.accuracy).toBe(oracle.accuracy)
    expect(evaluation.test.loss).toBeCloseTo(oracle.loss, 5)
    expect(evaluation.validation).toBeNull()
  })

  test('is a classifier like any other: opened, exported', async () => {
    const predictor = await loadClassifier(join(place.path, 'shirts-imported.safetensors'))
    expect(predictor.classNames).toContain(predictor.predict(new Uint8Array(784)).className)
    predictor.close()
    expect(await call('export', 'shirts-imported.safetensors', '--format', 'onnx')).toMatchObject({ code: 0 })
  })

  test.each<[string, string[], RegExp]>([
    ['no layout', model, /--layout: expected one of torch, keras, received nothing/],
    ['an unknown one', [...model, '--layout', 'pytorch'], /--layout: .*Did you mean torch\?/],
    [
      'no network',
      ['--layout', 'torch'],
      /--model: expected a named network or a JSON file, received nothing/,
    ],
    [
      'another network',
      ['--model', 'mlp-small', ...given.slice(2)],
      /shirts\.safetensors: expected weight \[128, 784\], bias \[128\] for hidden_layer_1/,
    ],
    ['a deviation of nothing', [...given, '--std', '0'], /--std: expected a number above 0/],
    ['too few classes', [...given, '--class-names', 'a,b'], /output: expected 2 classes, received 10/],
    [
      'a file that is there',
      [...given, '--out', 'shirts.safetensors'],
      /shirts\.safetensors: expected a file that does not.*--force/,
    ],
  ])('is refused with %s, in one line', async (_, flags, message) => {
    expectRefusal(
      await call(
        'import',
        'shirts.safetensors',
        ...flags,
        ...(flags.includes('--out') ? [] : ['--out', 'x/y']),
      ),
      message,
    )
    expect(existsSync(join(place.path, 'x'))).toBe(false)
  })

  test('needs data of its shape to be evaluated', async () => {
    await writeFile(join(place.path, 'tiny.csv'), `label,p1\n${'0,1\n1,2\n'.repeat(5)}`)
    const evaluated = await call('evaluate', 'shirts-imported.safetensors', '--data', 'csv:tiny.csv')
    expectRefusal(
      evaluated,
      /data csv:tiny\.csv: .*expected images of shape \[28, 28, 1\], received \[1, 1, 1\]/,
    )
  })
})
