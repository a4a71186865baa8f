import { describe, expect, test } from 'vitest'
import { atelier, documentOf, workplace } from './support/cli.ts'

// The same seed gives the same weights: twice, on any number of threads, and on any backend in strict arithmetic.
const place = workplace()
let number = 0

async function weightsHash(model: string, images: number, ...flags: readonly string[]): Promise<string> {
  number += 1
  const data = `silhouettes:train=${images},test=10`
  const line = ['train', '--model', model, '--data', data, '--epochs', '1', '--json', '--quiet']
  const answer = await atelier([...line, '--out', `run-${number}`, ...flags], { cwd: place.path })
  return documentOf<{ weightsHash: string }>(answer).weightsHash
}

const allEqual = (hashes: readonly string[]) => {
  expect(new Set(hashes).size, hashes.join('\n')).toBe(1)
}

describe.each(['mlp-medium', 'cnn-medium'])('%s', (model) => {
  const lively = ['--dropout', '0.25', '--optimizer', 'adam']

  test('the same line twice', async () => {
    const first = await weightsHash(model, 300, ...lively)
    allEqual([first, await weightsHash(model, 300, ...lively)])
    expect(await weightsHash(model, 300, ...lively, '--seed', '2')).not.toBe(first)
  })

  test('one, two and three threads', async () => {
    const hashes = [1, 2, 3].map((threads) => weightsHash(model, 300, ...lively, '--threads', `${threads}`))
    allEqual(await Promise.all(hashes))
  })
})

describe('three steps on every backend in strict arithmetic', () => {
  test.each([
    ['mlp-medium', 120, ''], // 96 images to learn from, in batches of 32
    ['mlp-medium', 120, '--dropout 0.25 --optimizer adam'],
    ['mlp-small', 120, '--activation tanh --init glorot-uniform --no-nesterov'],
    ['mlp-deep-thin', 120, '--activation sigmoid --loss softmax-twice'],
    ['cnn-small', 120, '--dropout 0.25 --optimizer adam'],
    ['cnn-medium', 20, '--validation 0.5 --batch 4'], // batches of 4, 4 and 2
  ])('%s, %d images %s', async (model, images, text) => {
    const flags = ['--arithmetic', 'strict', ...text.split(' ').filter((word) => word !== '')]
    const backends = ['definition', 'wasm', 'native'].map((backend) =>
      weightsHash(model, images, '--backend', backend, ...flags),
    )
    allEqual(await Promise.all(backends))
  })
})
