import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

let isFirst = true

/** The head of a place within a view: reading goes on here when one has come to it, but not when the page is opened. */
export function Heading({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}) {
  const element = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Atelier`
    if (!isFirst) {
      scrollTo(0, 0)
      element.current?.focus({ preventScroll: true })
    }
    isFirst = false
  }, [title])
  return (
    <h1 tabIndex={-1} ref={element}>
      {children}
    </h1>
  )
}
