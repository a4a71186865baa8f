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

const codeOf = (example: string) => readFileSync(join(root, 'examples', `${example}.ts`), 'utf8').trim()

test.each([
  ['README.md', 'first'],
  ['README.md', 'predict'],
  ['README.md', 'train'],
  ['docs/search.md', 'search'],
  ['docs/search.md', 'search-space'],
])('%s shows the example %s as it runs', (page, example) => {
  expect(readFileSync(join(root, page), 'utf8')).toContain(codeOf(example))
})

test('first: a network is trained and evaluated on a postcard', async () => {
  expect(codeOf('first').split('\n').length).toBeLessThanOrEqual(12)
  const [line] = await said('first')
  expect(Number(/^([\d.]+) % of the test images are right$/.exec(line)?.[1])).toBeGreaterThan(80)
})

test('predict: the packaged network knows a shirt', async () => {
  expect(await said('predict')).toEqual([expect.stringMatching(/^T-shirt\/top, \d\d %$/)])
})

test('train: layers of one’s own learn, and tell how it goes', async () => {
  const lines = await said('train')
  expect(lines).toHaveLength(4)
  const accuracies = lines.map((line) => Number(/: ([\d.]+) %/.exec(line)?.[1]))
  expect(accuracies[2]).toBeGreaterThan(80)
  expect(lines[3]).toMatch(/^The weights of epoch [123] are kept\.$/)
})

test('evaluate: the test split is opened, with an interval and every class', async () => {
  const [first, ...classes] = await said('evaluate')
  expect(Number(/^test: ([\d.]+) % \(95 %: [\d.]+ % to [\d.]+ %\)$/.exec(first)?.[1])).toBeGreaterThan(70)
  expect(classes).toHaveLength(10)
})

test('search: it finds a rate that learns', async () => {
  const [count, best] = await said('search')
  expect(count).toMatch(/^12 trials, [1-9]\d* ended early$/)
  expect(Number(/^best: ([\d.]+) %/.exec(best)?.[1])).toBeGreaterThan(60)
})

test('save: a file of a classifier is opened and asked', async () => {
  const lines = await said('save')
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

/** What the comment of a function of the library shows, as a program. */
function inComment(name: string): string {
  const source = readFileSync(join(root, `src/library/${name}.ts`), 'utf8')
  const [, lines] = /^ \* ```ts\n(.*?)^ \* ```$/ms.exec(source) ?? []
  const names = 'defineSpace, loadDataset, range, search, train'
  return `import { ${names} } from 'atelier'\n${lines.replaceAll(/^ \* /gm, '')}`
}

test('the examples, those in comments too, pass a strict compiler where the package is installed, and mistakes do not', () => {
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
    'const classifier: at.Classifier = await at.loadClassifier()',
    '// @ts-expect-error a text is no image',
    "classifier.predict('x')",
    '// @ts-expect-error a name that there is not',
    'at.nothing()',
  ]
  mkdirSync(join(place.path, 'node_modules'))
  symlinkSync(root, join(place.path, 'node_modules/atelier'))
  cpSync(join(root, 'examples'), place.path, { recursive: true })
  writeFileSync(join(place.path, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(place.path, 'wrong.ts'), wrong.join('\n'))
  for (const name of ['train', 'search'])
    writeFileSync(join(place.path, `in-comment-of-${name}.ts`), inComment(name))
  writeFileSync(join(place.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const compiler = join(root, 'node_modules/.bin/tsc')
  const { status, stdout } = spawnSync(compiler, ['-p', place.path], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})
