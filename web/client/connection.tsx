import type { ReadonlySignal } from '@preact/signals'
import type { StreamState } from './events.ts'

/** Says so while a server that was there does not answer; what it said last stays. */
export function Connection({ state }: { readonly state: ReadonlySignal<StreamState> }) {
  return (
    <div role="status" class="connection">
      {state.value === 'away' && (
        <p class="note">
          The server does not answer. This is its last known state; the page keeps trying to reconnect.
        </p>
      )}
    </div>
  )
}
