import type { ComponentChildren } from 'preact'

interface ScrollTableProps {
  readonly label: string
  /** For those alone who hear the page, unless it is `shown`; the label where none is given. */
  readonly caption?: ComponentChildren
  readonly shown?: boolean
  readonly class?: string
  readonly children: ComponentChildren
}

/** A table that is scrolled sideways where it is wider than the window. */
export function ScrollTable({
  label,
  caption = label,
  shown = false,
  class: name = '',
  children,
}: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class={`scroll ${name}`} tabIndex={0} aria-label={label}>
      <table>
        <caption class={shown ? '' : 'visually-hidden'}>{caption}</caption>
        {children}
      </table>
    </section>
  )
}
