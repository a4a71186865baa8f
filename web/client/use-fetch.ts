import { useCallback, useEffect, useState } from 'preact/hooks'
import { type Endpoint, get } from './http.ts'

/** A request and what has come of it. */
export interface Fetched<Answer> {
  readonly value: Answer | undefined
  readonly error: unknown
  /** Asks once more; what is known stays until the answer is here. */
  refetch(): void
}

/** Asks the server for what is at an endpoint, anew when that changes; for nothing where there is none. */
export function useFetch<Answer>(endpoint: Endpoint<Answer> | undefined): Fetched<Answer> {
  const path = endpoint?.path
  const [state, setState] = useState<{ path?: string; value?: Answer; error?: unknown }>({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === undefined) return
    const leaving = new AbortController()
    get<Answer>({ path }, leaving.signal).then(
      (value) => setState({ path, value }),
      (error: Error) => {
        if (!leaving.signal.aborted)
          setState((before) => ({ ...(before.path === path ? before : { path }), error }))
      },
    )
    return () => leaving.abort()
  }, [path, turn])
  const refetch = useCallback(() => setTurn((before) => before + 1), [])
  const isHere = state.path === path
  return { value: isHere ? state.value : undefined, error: isHere ? state.error : undefined, refetch }
}
