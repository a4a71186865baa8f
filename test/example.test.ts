import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { workplace } from './support/cli.ts'

const place = workplace()
const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs an example as it stands and returns what it says, line by line. */
async function said(example: string): Promise<string[]> {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => {
    lines.push(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '))
  })
  try {
    await import(`../examples/${example}.ts`)
  } finally {
    log.mockRestore()
  }
  return lines
}

test('the first example of the README is the file that runs', () => {
  const code = readFileSync(new URL('../examples/train.ts', import.meta.url), 'utf8')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(code.trim())
})

test('so is the one that recognizes, and it recognizes', async () => {
  const code = readFileSync(new URL('../examples/postcard.ts', import.meta.url), 'utf8')
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(code.trim())
  expect(await said('postcard')).toEqual([expect.stringMatching(/^T-shirt\/top, \d\d %$/)])
})

test('train: the first example learns', async () => {
  const lines = await said('train')
  expect(lines).toHaveLength(3)
  const accuracies = lines.map((line) => Number(/: ([\d.]+) %/.exec(line)?.[1]))
  expect(accuracies[2]).toBeGreaterThan(80)
})

test('evaluate: the test split is opened, with an interval and every class', async () => {
  const [first, ...classes] = await said('evaluate')
  expect(Number(/^test: ([\d.]+) % \(95 %: [\d.]+ % to [\d.]+ %\)$/.exec(first)?.[1])).toBeGreaterThan(70)
  expect(classes).toHaveLength(10)
})

test('tune: the search finds a rate that learns', async () => {
  const [count, best] = await said('tune')
  expect(count).toMatch(/^12 trials, \d+ ended early$/)
  expect(Number(/^best: ([\d.]+) %/.exec(best)?.[1])).toBeGreaterThan(60)
})

test('recognize: a file of a classifier is opened and asked', async () => {
  const lines = await said('recognize')
  expect(lines).toHaveLength(3)
  const right = lines.filter((line) => /^(.+): \1, \d+ %$/.test(line))
  expect(right.length).toBeGreaterThanOrEqual(2)
})

test('compare: two sets of predictions are compared, and it is said where nothing can be said', async () => {
  expect(await said('compare')).toEqual([
    'ours − theirs: 2.1 points (-0.5 to 4.7), p = 0.119',
    'not distinguishable',
    'Differences below 2.6 points may be chance.',
  ])
})

test('the examples pass a strict compiler where the package is installed, and mistakes do not', () => {
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2023',
    lib: ['ES2023', 'DOM'],
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const wrong = [
    "import * as at from 'atelier'",
    'const predictor: at.Predictor = await at.load()',
    '// @ts-expect-error a text is no image',
    "predictor.predict('x')",
    '// @ts-expect-error a name that there is not',
    'at.nothing()',
  ]
  mkdirSync(join(place.path, 'node_modules'))
  symlinkSync(root, join(place.path, 'node_modules/atelier'))
  cpSync(join(root, 'examples'), place.path, { recursive: true })
  writeFileSync(join(place.path, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(place.path, 'wrong.ts'), wrong.join('\n'))
  writeFileSync(join(place.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const compiler = join(root, 'node_modules/.bin/tsc')
  const { status, stdout } = spawnSync(compiler, ['-p', place.path], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})
