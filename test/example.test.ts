import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

test('the first example of the README is the file that runs', () => {
  const code = readFileSync(new URL('../examples/train.ts', import.meta.url), 'utf8')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(code.trim())
})

test('the first example learns', async () => {
  const said: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    said.push(line)
  })
  await import('../examples/train.ts')
  log.mockRestore()
  expect(said).toHaveLength(3)
  const accuracies = said.map((line) => Number(/: ([\d.]+) %/.exec(line)?.[1]))
  expect(accuracies[2]).toBeGreaterThan(80)
})

test('two sets of predictions are compared, and it is said where nothing can be said', async () => {
  const said: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    said.push(line)
  })
  await import('../examples/compare.ts')
  log.mockRestore()
  expect(said).toEqual([
    'ours − theirs: 2.1 points (-0.5 to 4.7), p = 0.119',
    'not distinguishable',
    'Differences below 2.6 points may be chance.',
  ])
})
