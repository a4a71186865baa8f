import { useState } from 'preact/hooks'
import { endpoints } from '../../client/endpoints.ts'
import { post } from '../../client/http.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/states.tsx'

/** Stops a running search, once it has been confirmed. */
export function StopSearch({ id, running }: { readonly id: string; readonly running: number }) {
  const [isAsking, setAsking] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const [error, setError] = useState<unknown>()
  const stop = () => {
    setAsking(false)
    setError(undefined)
    post(endpoints.stopSearch(id)).then(() => setAsked(true), setError)
  }
  return (
    <div class="stop">
      {isAsked ? (
        <p role="status">It is stopping; --resume continues it.</p>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>
          Stop this search
        </button>
      )}
      {error !== undefined && <Failure error={error} />}
      {isAsking && (
        <Dialog title="Stop this search?" onClose={() => setAsking(false)}>
          <p>
            Finished trials are kept.{' '}
            {running > 0 ? `Trials that are training now (${running}) start over when it is resumed.` : ''}{' '}
            <code>atelier tune … --resume</code> continues where it stopped.
          </p>
          <p class="buttons">
            <button type="button" class="primary" onClick={stop}>
              Stop it
            </button>
          </p>
        </Dialog>
      )}
    </div>
  )
}
