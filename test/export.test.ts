import { existsSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeModelProto } from '../src/exchange/onnx/schema.ts'
import { hashWeights } from '../src/record/weights.ts'
import { readRun, readWeights } from '../src/runs/run.ts'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

const place = workplace()
const at = (path: string) => join(place.path, path)
const call = (...args: string[]) => atelier(args, { cwd: place.path })
const source = 'silhouettes:train=300,test=100'
const hash = expect.stringMatching(/^[0-9a-f]{64}$/)

beforeAll(async () => {
  const quick = ['--data', source, '--epochs', '1', '--quiet']
  expect(await call('train', '--model', 'cnn-small', ...quick, '--out', 'run')).toMatchObject({ code: 0 })
})

const exported = async (format: string, ...more: string[]) =>
  documentOf<{ file: string; bytes: number; weightsHash: string }>(
    await call('export', 'run', '--format', format, '--json', ...more),
  )

describe('a run is exported', () => {
  test('as ONNX', async () => {
    const document = await exported('onnx')
    expect(document).toEqual({
      run: 'run',
      format: 'onnx',
      file: 'run.onnx',
      bytes: expect.any(Number),
      weightsHash: hash,
    })
    const { metadataProps } = decodeModelProto(await readFile(at('run.onnx')))
    expect(metadataProps).toContainEqual({ key: 'weightsHash', value: document.weightsHash })
  })

  test('into a directory that is made for it', async () => {
    const { file } = await exported('onnx', '--out', 'shipped/today/shirts.onnx')
    expect(file).toBe('shipped/today/shirts.onnx')
    expect(existsSync(at(file))).toBe(true)
  })

  test('as a module that runs', async () => {
    await exported('module')
    const { predict, classNames } = await import(/* @vite-ignore */ pathToFileURL(at('run.mjs')).href)
    expect(classNames).toContain(predict(new Uint8Array(784)).className)
  })

  test('as safetensors that are weights of their own', async () => {
    await exported('safetensors', '--out', 'alone.safetensors')
    expect((await exported('onnx', '--out', 'first.onnx')).weightsHash).toBe(
      hashWeights((await readWeights(await readRun(at('run')))).tensors),
    )
    documentOf(await call('export', 'alone.safetensors', '--format', 'onnx', '--json'))
    expect(await readFile(at('alone.onnx'))).toEqual(await readFile(at('first.onnx')))
  })

  test('as a card, which tells of the test split once it was opened', async () => {
    await exported('card')
    const before = await readFile(at('run.md'), 'utf8')
    expect(before).toContain('It was not evaluated on the test split (`atelier evaluate run`)')
    expect(await call('evaluate', 'run', '--quiet')).toMatchObject({ code: 0 })
    await exported('card', '--force')
    const card = await readFile(at('run.md'), 'utf8')
    const { manifest } = await readRun(at('run'))
    const [front, ...body] = card.split('\n---\n')
    expect(front).toContain('pipeline_tag: image-classification')
    expect(front).toMatch(/type: accuracy, value: 0\.\d+/)
    for (const fact of [
      manifest.data.hash,
      manifest.command,
      hashWeights((await readWeights(await readRun(at('run')))).tensors),
    ]) {
      expect(body.join()).toContain(fact)
    }
    expect(card).toMatch(/\| test \| [\d.]+\s% \| [\d.]+\s% – [\d.]+\s% \| [\d.]+ \| 100 \|/)
    expect(card).toMatch(/calibrated on validation by the temperature [\d.]+\./)
    expect(card).toMatch(/calibration error is [\d.]+\s% \([\d.]+\s% before\);\s+it is sure of [\d.]+\s%/)
    expect(card).not.toMatch(/undefined|null|NaN/)
  })
})

describe('what cannot be exported is said in one line, and nothing is written', () => {
  test.each<[string, string[], RegExp]>([
    ['no format', ['run'], /--format: expected one of onnx, safetensors, card, module, received nothing/],
    ['an unknown one', ['run', '--format', 'onxx'], /--format: .*Did you mean onnx\?/],
    ['a run that is not there', ['none', '--format', 'onnx'], /none: expected a weights file/],
    ['a file of something else', ['text', '--format', 'onnx'], /text: expected a safetensors file/],
    [
      'a card of weights alone',
      ['w.safetensors', '--format', 'card'],
      /w\.safetensors: expected the directory of a run/,
    ],
    [
      'a file that is there',
      ['run', '--format', 'onnx', '--out', 'text'],
      /text: expected a file that does not.*--force/,
    ],
  ])('%s', async (_, args, message) => {
    await writeFile(at('text'), 'nothing')
    await copyFile(at('run/weights.safetensors'), at('w.safetensors'))
    expectRefusal(await call('export', ...args), message)
    expect(await readFile(at('text'), 'utf8')).toBe('nothing')
    expect(existsSync(at('w.md'))).toBe(false)
  })
})
