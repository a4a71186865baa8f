import { useState } from 'preact/hooks'
import { ServerFailure } from '../../parts/connection.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { idIn, post } from '../../server/api.ts'

/** Asks a running search to stop, once one has said so twice. */
export function StopSearch({ id, running }: { readonly id: string; readonly running: number }) {
  const [isAsking, setAsking] = useState(false)
  const [said, setSaid] = useState<'nothing' | 'asked'>('nothing')
  const [error, setError] = useState<unknown>()
  const stop = () => {
    setAsking(false)
    setError(undefined)
    post(`/api/searches/${idIn(id)}/stop`).then(() => setSaid('asked'), setError)
  }
  return (
    <div class="stop">
      {said === 'asked' ? (
        <p role="status">It was asked to stop, and ends in a moment; --resume goes on with it.</p>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>
          Stop this search
        </button>
      )}
      {error !== undefined && <ServerFailure error={error} />}
      {isAsking && (
        <Dialog title="Stop this search?" onClose={() => setAsking(false)}>
          <p>
            What is done is kept.{' '}
            {running > 0 ? `Trials that are being trained now (${running}) begin anew when it goes on.` : ''}{' '}
            <code>atelier tune … --resume</code> goes on where it stopped.
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
