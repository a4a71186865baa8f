import type { ComponentChildren } from 'preact'
import { InputError } from '../../src/base/errors.ts'
import { HintedError } from '../base/fault.ts'

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

interface FailureProps {
  readonly error: unknown
  readonly retry?: (() => void) | undefined
  readonly children?: ComponentChildren
}

/** What went wrong, where, and what to try. */
export function Failure({ error, retry, children }: FailureProps) {
  return (
    <div class="state failure" role="alert">
      <p>
        <ErrorText error={error} />
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

/** A text in which what is typed stands between backticks. */
const WithCode = ({ text }: { readonly text: string }) => (
  <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>
)

/** An error in words: what a helpful one knows, or its message. */
export function ErrorText({ error }: { readonly error: unknown }) {
  if (error instanceof InputError) {
    const { at, expected, received, hint } = error.parts
    return (
      <>
        <strong>{at}</strong>: expected {expected}
        {received !== undefined && <>, received {received}</>}. {hint}
      </>
    )
  }
  const hint = error instanceof HintedError ? error.hint : undefined
  return (
    <>
      {error instanceof Error ? error.message : String(error)}
      {hint !== undefined && ' '}
      {hint !== undefined && <WithCode text={hint} />}
    </>
  )
}
