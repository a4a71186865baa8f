import { expect, test } from 'vitest'
import { UnusableError } from '../../catalog/unusable.ts'
import { startThread } from '../threads/thread.ts'
import type { DatasetHandlers } from './dataset.thread.ts'
import { type DatasetThread, openShelf } from './shelf.ts'

const never = new AbortController().signal

/** A shelf, and what threads it has started and not ended. */
function opened(sources: readonly string[]) {
  const threads = new Map<string, DatasetThread>()
  const started: string[] = []
  const shelf = openShelf(sources, (source) => {
    started.push(source)
    const thread = startThread<DatasetHandlers>('./dataset.thread', import.meta.url, source)
    threads.set(source, thread)
    return thread
  })
  return {
    shelf,
    started,
    alive: () => [...threads].filter(([, { isAlive }]) => isAlive).map(([name]) => name),
  }
}
const set = (seed: number) => `silhouettes:train=20,test=10,seed=${seed}`
const idOf = (seed: number) => `silhouettes-train-20-test-10-seed-${seed}`

test('a set is drawn in a thread of its own; of those that nobody uses, two stay', async () => {
  const { shelf, started, alive } = opened([set(1), set(2), set(3)])
  const count = (seed: number) =>
    shelf.use(idOf(seed), never, async (dataset) => (await dataset.ask('describe', [])).counts.train)
  expect(await count(1)).toBe(20)
  expect(await count(2)).toBe(20)
  expect(await count(1)).toBe(20)
  expect(started).toEqual([set(1), set(2)])
  await shelf.use(idOf(1), never, async (dataset) => {
    expect(await count(3)).toBe(20) // in place of the second, which nobody uses
    expect(dataset.isAlive).toBe(true)
  })
  expect(alive()).toEqual([set(1), set(3)])
  expect(await shelf.use('none', never, async () => 1)).toBeUndefined()
  await shelf.close()
  expect(alive()).toEqual([])
})

test('whoever asks for a third while two are used waits for one of them, or leaves', async () => {
  const { shelf, started } = opened([set(1), set(2), set(3)])
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const users = [1, 2].map((seed) => shelf.use(idOf(seed), never, () => ended))
  const leaving = new AbortController()
  const left = shelf.use(idOf(3), leaving.signal, async () => 'late')
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  const third = shelf.use(idOf(3), never, async () => 'there')
  expect(started).not.toContain(set(3))
  end()
  await Promise.all(users)
  expect(await third).toBe('there')
  await shelf.close()
})

test('a record may ask for a set that is drawn, and for no more images than MNIST has', async () => {
  const { shelf, started } = opened([])
  const drawn = set(9)
  const hash = await shelf.useOfHash({ hash: 'another', source: drawn }, never, async () => 1)
  expect(hash).toBeUndefined()
  expect(started).toContain(drawn)
  await shelf.useOfHash({ hash: 'x', source: 'silhouettes:train=1000000' }, never, async () => 1)
  expect(started.filter((source) => source.includes('1000000'))).toEqual([])
  await shelf.close()
})

test('a set that cannot be read is no fault of whoever asks for it', async () => {
  const { shelf } = opened(['folder:/nowhere/at/all'])
  const asked = shelf.use('folder-all', never, async () => 1)
  await expect(asked).rejects.toThrow(UnusableError)
  await shelf.close()
})
