/** Milliseconds of computing after which other work (a screen, a key press) gets its turn. */
const TURN = 40

const later: (then: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : (then) => setTimeout(then, 0)

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
