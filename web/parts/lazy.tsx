import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Failure, Loading } from './states.tsx'

type Loaded = { readonly default: ComponentType }

/** Loads a component when it is first shown, and says so where that takes a while or fails. */
export function Lazy({ title, load }: { readonly title: string; load(): Promise<Loaded> }) {
  const [loaded, setLoaded] = useState<Loaded>()
  const [error, setError] = useState<unknown>()
  const start = () => {
    setError(undefined)
    load().then(setLoaded, setError)
  }
  useEffect(start, [])
  if (error !== undefined) return <Failure error={error} retry={start} />
  if (loaded === undefined) return <Loading what={`Opening ${title}`} />
  return <loaded.default />
}
