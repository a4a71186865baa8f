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
