import type { ComponentChildren } from 'preact'
import { Failure, Loading } from '../parts/states.tsx'
import type { Fetched } from './use-fetch.ts'

interface AwaitProps<Answer> {
  readonly request: Pick<Fetched<Answer>, 'value' | 'error'> & Partial<Pick<Fetched<Answer>, 'refetch'>>
  /** What is said while it is under way: "Reading the run". */
  readonly loading: string
  /** What else is said where it failed. */
  readonly whenFailed?: ComponentChildren
  children(value: Answer): ComponentChildren
}

/** What came of a request, once it is here; until then that it is under way, or why it failed. */
export function Await<Answer>({ request, loading, whenFailed, children }: AwaitProps<Answer>) {
  const { value, error, refetch } = request
  if (value !== undefined) return <>{children(value)}</>
  if (error === undefined) return <Loading what={loading} />
  return (
    <Failure error={error} retry={refetch}>
      {whenFailed}
    </Failure>
  )
}
