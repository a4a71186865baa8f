/**
 * Work that tells how it goes and comes to a result. `for await` gives its events; `await` gives its result, after the
 * events were read or without them. It begins when one of the two is asked for, and ends where the loop is left early.
 */
export interface EventStream<Event, Result>
  extends AsyncGenerator<Event, Result, undefined>,
    PromiseLike<Result> {}

type End<Result> =
  | { readonly type: 'returned'; readonly result: Result }
  | { readonly type: 'threw'; readonly error: unknown }

/** Makes a stream of events that can be awaited of one that cannot. */
export function eventStream<Event, Result>(
  events: AsyncGenerator<Event, Result, undefined>,
): EventStream<Event, Result> {
  let end: End<Result> | undefined
  const inner = { next: events.next.bind(events), leave: events.return.bind(events) }
  const next = async () => {
    try {
      const step = await inner.next()
      if (step.done) end ??= { type: 'returned', result: step.value }
      return step
    } catch (error) {
      end ??= { type: 'threw', error }
      throw error
    }
  }
  const leave = (value: Result | PromiseLike<Result>) => {
    end ??= { type: 'threw', error: new Error('There is no result: its events were not read to the end.') }
    return inner.leave(value)
  }
  const result = async () => {
    while (end === undefined) await next()
    if (end.type === 'threw') throw end.error
    return end.result
  }
  const then: PromiseLike<Result>['then'] = (fulfilled, rejected) => result().then(fulfilled, rejected)
  return Object.assign(events, { next, return: leave, then })
}
