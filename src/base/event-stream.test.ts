import { expect, test } from 'vitest'
import { type EventStream, eventStream } from './event-stream.ts'

const tell: string[] = []
/** Counts to three and comes to what was counted. */
function counted({ fails = false } = {}): EventStream<number, string> {
  return eventStream(
    (async function* () {
      tell.length = 0
      try {
        for (const n of [1, 2, 3]) {
          tell.push(`${n}`)
          yield n
        }
        if (fails) throw new Error('it failed')
        return 'counted'
      } finally {
        tell.push('closed')
      }
    })(),
  )
}

async function eventsOf(stream: EventStream<number, string>, most = Number.POSITIVE_INFINITY) {
  const events: number[] = []
  for await (const event of stream) {
    events.push(event)
    if (events.length === most) break
  }
  return events
}

test('it begins when it is asked for its events or its result', async () => {
  tell.length = 0
  const stream = counted()
  expect(tell).toEqual([])
  expect(await stream).toBe('counted')
  expect(tell).toEqual(['1', '2', '3', 'closed'])
})

test('its result is there after its events were read, as often as it is asked for', async () => {
  const stream = counted()
  expect(await eventsOf(stream)).toEqual([1, 2, 3])
  expect([await stream, await stream]).toEqual(['counted', 'counted'])
})

test('what is left of its events is passed over where the result is wanted', async () => {
  const stream = counted()
  expect(await stream.next()).toEqual({ done: false, value: 1 })
  expect(await Promise.all([stream, stream])).toEqual(['counted', 'counted'])
})

test('what it throws is thrown to whoever reads or awaits it', async () => {
  const stream = counted({ fails: true })
  await expect(eventsOf(stream)).rejects.toThrow('it failed')
  await expect(stream).rejects.toThrow('it failed')
  await expect(counted({ fails: true })).rejects.toThrow('it failed')
})

test('left early, it is closed and has no result', async () => {
  const stream = counted()
  expect(await eventsOf(stream, 2)).toEqual([1, 2])
  expect(tell).toEqual(['1', '2', 'closed'])
  await expect(stream).rejects.toThrow('its events were not read to the end')
})

test('another stream can pass it on, with its result', async () => {
  async function* outer() {
    return `${yield* counted()} again`
  }
  expect(await eventStream(outer())).toBe('counted again')
})
