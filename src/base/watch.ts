/** Shows every event of a stream and returns what the stream returns. */
export async function watch<Event, Result>(
  stream: AsyncGenerator<Event, Result, undefined>,
  show: (event: Event) => void,
): Promise<Result> {
  let next = await stream.next()
  while (!next.done) {
    show(next.value)
    next = await stream.next()
  }
  return next.value
}

/** What a stream of events returns at its end; nobody listens to the events. */
export const resultOf = <Result>(stream: AsyncGenerator<unknown, Result, undefined>) =>
  watch(stream, () => {})

/** The same stream, each of its events shown before it is passed on; left early, it ends the stream too. */
export async function* shown<Event, Result>(
  stream: AsyncGenerator<Event, Result, undefined>,
  show: (event: Event) => void,
): AsyncGenerator<Event, Result, undefined> {
  try {
    let next = await stream.next()
    while (!next.done) {
      show(next.value)
      yield next.value
      next = await stream.next()
    }
    return next.value
  } finally {
    await stream.return(undefined as never)
  }
}
