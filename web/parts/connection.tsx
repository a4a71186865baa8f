import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Away, Refusal } from '../server/api.ts'
import type { StreamState } from '../server/stream.ts'
import { ErrorText } from './states.tsx'

/** Says so while a server that was there does not answer; what it said last stays. */
export function Connection({ state }: { readonly state: ReadonlySignal<StreamState> }) {
  return (
    <div role="status" class="connection">
      {state.value === 'away' && (
        <p class="note">
          The server does not answer. What stands here is what it said last; the page asks again by itself.
        </p>
      )}
    </div>
  )
}

/** What the server said is wrong, or that it says nothing, and what may be done. */
export function ServerFailure(props: {
  readonly error: unknown
  retry?(): void
  readonly children?: ComponentChildren
}) {
  const { error, retry, children } = props
  const isAway = error instanceof Away
  return (
    <div class="state failure" role="alert">
      <p>
        <ErrorText error={error} />
        {error instanceof Refusal && error.hint !== undefined && ` ${error.hint}`}
        {isAway && ' Is it still running? It is started by '}
        {isAway && <code>atelier serve</code>}
        {isAway && '.'}
      </p>
      {children}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}
