import { useEffect, useRef, useState } from 'preact/hooks'
import { place, remember } from '../router.ts'

type Changes = Readonly<Record<string, string | undefined>>

const merged = (changes: Changes): Record<string, string> => {
  const entries = Object.entries({ ...Object.fromEntries(place.peek().query), ...changes })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''))
}

/** Writes some of what is shown into the address; what is empty leaves it. */
export const rememberMore = (changes: Changes) => remember(merged(changes))

/** What is written into a field, at once, while the address and all that hangs on it follow when the writer pauses. */
export function useWritten(name: string, milliseconds = 200): readonly [string, (text: string) => void] {
  const remembered = place.value.query.get(name) ?? ''
  const [written, setWritten] = useState(remembered)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(remembered)
  useEffect(() => {
    if (remembered !== sent.current) setWritten(remembered) // changed by a link or by going back
    sent.current = remembered
  }, [remembered])
  useEffect(() => () => clearTimeout(timer.current), [])
  const write = (text: string) => {
    setWritten(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current = text
      rememberMore({ [name]: text, page: undefined })
    }, milliseconds)
  }
  return [written, write]
}
