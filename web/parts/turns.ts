const waiting = new Map<object, () => void>()
let isBusy = false

/** Does one thing after another, each in a task of its own, so that a key press never waits for more than one. */
function next(): void {
  const [first] = waiting
  isBusy = first !== undefined
  if (first === undefined) return
  const [owner, work] = first
  waiting.delete(owner)
  setTimeout(() => {
    try {
      work()
    } finally {
      next()
    }
  })
}

/** Does `work` when its turn comes. What the same owner wanted before and has not had is forgotten. */
export function inTurn(owner: object, work: () => void): void {
  waiting.delete(owner)
  waiting.set(owner, work)
  if (!isBusy) next()
}

/** Forgets what an owner wanted. */
export function giveUp(owner: object): void {
  waiting.delete(owner)
}
