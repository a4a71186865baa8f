import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { InputError } from '../../base/errors.ts'
import { threadPool } from './pool.ts'
import type { Thread } from './thread.ts'

test('what takes long is done in threads: the server’s own thread imports nothing that does it', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const heavy = [
    'pictures/prepare.ts',
    'data/source.ts',
    'recognition/predictor.ts',
    'recognition/classifier.ts',
    'runs/evaluate-run.ts',
    'evaluation/after-evaluation.ts',
    'dataset/facts.ts',
    'dataset/questions.ts',
  ]
  const inThreads = /\.thread\.ts$|\.test\.ts$|^dataset\/(questions|facts|sprite)\.ts$/
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !inThreads.test(name))
  expect(files.length).toBeGreaterThan(20)
  const found = files.flatMap((name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8')
    const imports = [...text.matchAll(/^import (?!type )[^;]*? from '([^']+)'/gm)].map(([, from]) => from)
    return imports
      .filter((from) => heavy.some((path) => from.endsWith(path)))
      .map((from) => `${name}: ${from}`)
  })
  expect(found).toEqual(['dataset/shelf.ts: ../../data/source.ts']) // to read a source's name
})

/** A thread in name: it answers when it is told to. */
function standIn(started: string[]): Thread<{ work(): void }> & { die(): void } {
  let isAlive = true
  started.push(`${started.length}`)
  return {
    ask: () => Promise.resolve(undefined as never),
    get isAlive() {
      return isAlive
    },
    close: () => Promise.resolve(),
    die() {
      isAlive = false
    },
  }
}

test('a pool starts as many threads as are needed, gives turns in order, and replaces those that die', async () => {
  const started: string[] = []
  const pool = threadPool(() => standIn(started), 2)
  await pool.run(async () => {})
  await pool.run(async () => {})
  expect(started).toHaveLength(1)
  const order: number[] = []
  const ends: (() => void)[] = []
  const all = [0, 1, 2, 3].map((i) =>
    pool.run((thread) => {
      order.push(i)
      return new Promise<void>((resolve) => {
        ends.push(() => {
          if (i === 0) (thread as ReturnType<typeof standIn>).die()
          resolve()
        })
      })
    }),
  )
  await Promise.resolve()
  expect(order).toEqual([0, 1])
  expect(started).toHaveLength(2)
  ends[0]()
  await all[0]
  await new Promise(setImmediate)
  expect(order).toEqual([0, 1, 2])
  expect(started).toHaveLength(3)
  ends[1]()
  ends[2]()
  await new Promise(setImmediate)
  expect(order).toEqual([0, 1, 2, 3])
  ends[3]()
  await Promise.all(all)
  await expect(pool.run(() => Promise.reject(new InputError({ at: 'a', expected: 'b' })))).rejects.toThrow(
    InputError,
  )
})
