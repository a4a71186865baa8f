import { expect, test } from 'vitest'
import { Problem } from './problem.ts'
import { openReserve } from './reserve.ts'

/** A reserve of 400 bytes for bodies of 100, at a time that the test sets. */
function opened() {
  let now = 0
  const reserve = openReserve({ bytes: 100 }, () => now)
  const turnedAway: string[] = []
  const body = (name: string) => reserve.open(({ status }) => turnedAway.push(`${name}: ${status}`))
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { reserve, turnedAway, body, pass }
}

test('memory is taken as bytes come, and given back', () => {
  const { reserve, body } = opened()
  const bodies = Array.from({ length: 1000 }, (_, i) => body(`${i}`))
  expect(reserve.taken).toBe(0) // whatever they announced
  bodies[0].widen(50)
  bodies[0].widen(80)
  bodies[1].widen(20)
  expect(reserve.taken).toBe(100)
  bodies[0].release()
  expect(reserve.taken).toBe(20)
  bodies[0].release()
  expect(reserve.taken).toBe(20)
})

test('bodies that stop coming make way, the slowest first', () => {
  const { reserve, turnedAway, body, pass } = opened()
  for (const name of ['a', 'b', 'c']) body(name).widen(100)
  pass(1500)
  body('d').widen(100)
  pass(1500)
  body('new').widen(150)
  expect(turnedAway).toEqual(['a: 408', 'b: 408'])
  expect(reserve.taken).toBe(100 + 100 + 150)
})

test('one that is here, or has just begun to come, stays; the newcomer is told to come again', () => {
  const { turnedAway, body, pass } = opened()
  for (const name of ['a', 'b']) {
    const here = body(name)
    here.widen(100)
    here.complete()
  }
  pass(60_000)
  for (const name of ['c', 'd']) body(name).widen(100)
  pass(900)
  expect(() => body('new').widen(1)).toThrow(Problem)
  expect(turnedAway).toEqual([])
})
