import type { ComponentChildren } from 'preact'
import { InputError } from '../../src/base/errors.ts'
import { addressOf } from '../router.ts'
import { views } from '../views/index.ts'

/** Nothing here yet, and what to do about it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="state">
      <p class="state-title">{title}</p>
      {children}
    </div>
  )
}

/** Something is on its way. Shown a moment later, so that what comes at once does not flicker. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="state loading" role="status">
      <p>
        <span class="pulse" aria-hidden="true" /> {what}…
      </p>
    </div>
  )
}

/** What went wrong, where, and what to try. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div class="state failure" role="alert">
      <p>
        <ErrorText error={error} />
      </p>
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** An error in words: what a helpful one knows, or its message. */
export function ErrorText({ error }: { readonly error: unknown }) {
  if (!(error instanceof InputError)) return <>{error instanceof Error ? error.message : String(error)}</>
  const { at, expected, received, hint } = error.parts
  return (
    <>
      <strong>{at}</strong>: expected {expected}
      {received !== undefined && <>, received {received}</>}. {hint}
    </>
  )
}

/** For addresses that lead nowhere. */
export function NotFound() {
  return (
    <div class="view">
      <h1>Nothing here</h1>
      <p>
        This address leads to no view. There are{' '}
        {views.map(({ path, title }, i) => (
          <>
            {i > 0 && (i === views.length - 1 ? ' and ' : ', ')}
            <a href={addressOf(path)}>{title}</a>
          </>
        ))}
        .
      </p>
    </div>
  )
}
