/** Milliseconds of computing after which other work (a screen, a key press) gets its turn. */
const TURN = 40

/** Browsers make a nested `setTimeout` wait for 4 ms, a tenth of the time between two turns; a message comes at once. */
function byMessage(): (then: () => void) => void {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return (then) => {
    waiting.push(then)
    port2.postMessage(undefined)
  }
}

const later: (then: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : byMessage()

/** A function to call between steps: it pauses, so that others get their turn, when one has passed since it last did. */
export function pauses(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < TURN) return undefined
    return new Promise((resolve) => {
      later(() => {
        last = performance.now()
        resolve()
      })
    })
  }
}
