import { useCallback, useEffect, useState } from 'preact/hooks'
import { get } from '../server/api.ts'

/** What was asked of the server and has come of it. */
export interface Asked<T> {
  readonly value: T | undefined
  readonly error: unknown
  /** Asks once more; what is known stays until the answer is here. */
  again(): void
}

/** Asks the server for what is at an address, anew when that changes; of nothing where there is none. */
export function useAsked<T>(path: string | undefined): Asked<T> {
  const [state, setState] = useState<{ path?: string; value?: T; error?: unknown }>({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === undefined) return
    const leaving = new AbortController()
    get<T>(path, leaving.signal).then(
      (value) => setState({ path, value }),
      (error: Error) => {
        if (!leaving.signal.aborted)
          setState((before) => ({ ...(before.path === path ? before : { path }), error }))
      },
    )
    return () => leaving.abort()
  }, [path, turn])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  const isHere = state.path === path
  return { value: isHere ? state.value : undefined, error: isHere ? state.error : undefined, again }
}
