import { expect, test } from 'vitest'
import { memoryGate } from './memory-gate.ts'

/** Work that goes on until it is told to end. */
function work() {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { end: () => end(), run: () => ended }
}

test('work begins when the memory for it is free, in the order of asking', async () => {
  const gate = memoryGate(100)
  const began: string[] = []
  const [a, b, c] = [work(), work(), work()]
  const run = (name: string, bytes: number, { run }: ReturnType<typeof work>) =>
    gate.run(bytes, () => {
      began.push(name)
      return run()
    })
  const all = [run('a', 60, a), run('b', 60, b), run('c', 10, c)]
  await Promise.resolve()
  expect(began).toEqual(['a']) // c would fit, and lets b go first: nobody is overtaken for ever
  expect(gate.taken).toBe(60)
  a.end()
  await all[0]
  await Promise.resolve()
  expect(began).toEqual(['a', 'b', 'c'])
  expect(gate.taken).toBe(70)
  b.end()
  c.end()
  await Promise.all(all)
  expect(gate.taken).toBe(0)
})

test('what needs more than there is works alone', async () => {
  const gate = memoryGate(100)
  const large = work()
  const first = gate.run(1000, large.run)
  let hasBegun = false
  const second = gate.run(1, async () => {
    hasBegun = true
  })
  await Promise.resolve()
  expect(hasBegun).toBe(false)
  large.end()
  await Promise.all([first, second])
  expect(hasBegun).toBe(true)
})

test('work that fails gives its memory back', async () => {
  const gate = memoryGate(100)
  await expect(gate.run(100, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(gate.taken).toBe(0)
})
