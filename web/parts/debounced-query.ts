import { useEffect, useRef, useState } from 'preact/hooks'
import { route, updateQuery } from '../base/router.ts'

/** What is typed into a field, at once, while the address and all that hangs on it follow when the typist pauses. */
export function useDebouncedQuery(
  name: string,
  milliseconds = 200,
): readonly [string, (text: string) => void] {
  const remembered = route.value.query.get(name) ?? ''
  const [typed, setTyped] = useState(remembered)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(remembered)
  useEffect(() => {
    if (remembered !== sent.current) setTyped(remembered) // changed by a link or by going back
    sent.current = remembered
  }, [remembered])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current = text
      updateQuery({ [name]: text, page: undefined })
    }, milliseconds)
  }
  return [typed, type]
}
