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

/** When others last had their turn: one clock for all work of a thread, for many short pieces of it are a long one. */
let last = performance.now()

/** To call between steps: pauses, so that others get their turn, when one has passed since they last had it. */
export function pause(): Promise<void> | undefined {
  if (performance.now() - last < TURN) return undefined
  return new Promise((resolve) => {
    later(() => {
      last = performance.now()
      resolve()
    })
  })
}
