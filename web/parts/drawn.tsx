import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Drawing, Figure } from './figure.tsx'
import { hideTip } from './tip.ts'

interface DrawnProps {
  /** Draws the figure; a new function draws it anew. */
  readonly draw: Drawing | undefined
  readonly caption?: ComponentChildren
  readonly class?: string
  /** About how high it will be: the room that is kept for it until it is looked at. */
  readonly height: number
  /** Its name, where it may be wider than there is room and is scrolled. */
  readonly scrolls?: string
  /** Told what a mark says of itself when it is pressed. */
  onPick?(text: string): void
}

/** What the mark at a place says of itself. */
export function saidBy(target: EventTarget | null): string {
  if (!(target instanceof SVGElement)) return ''
  const mark = target.closest<SVGElement>('[data-tip]')
  if (mark !== null) return mark.dataset.tip ?? ''
  const own = [...target.children].find((child) => child.localName === 'title')
  return target.localName === 'svg' ? '' : (own?.textContent ?? '')
}

/** Whether an element was ever near the window. */
function useSight(element: { readonly current: Element | null }): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    if (element.current === null) return
    const sight = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        setNear(true)
        sight.disconnect()
      },
      { rootMargin: '300px' },
    )
    sight.observe(element.current)
    return () => sight.disconnect()
  }, [element])
  return isNear
}

/** A figure that is drawn when it comes into sight, and whose marks can be pressed. */
export function Drawn({ draw, caption, class: name = '', height, scrolls, onPick }: DrawnProps) {
  const element = useRef<HTMLDivElement>(null)
  const isNear = useSight(element)
  useEffect(() => hideTip, [])
  const pick = (event: MouseEvent) => {
    const said = saidBy(event.target)
    if (said === '') return
    hideTip()
    onPick?.(said)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: what a mark opens is also reached from the table beside the figure
    // biome-ignore lint/a11y/noStaticElementInteractions: likewise
    <div
      class={`drawn ${onPick ? 'picks' : ''} ${name}`}
      ref={element}
      onClick={onPick && pick}
      {...(scrolls !== undefined && { tabIndex: 0, role: 'group', 'aria-label': scrolls })}
    >
      <Figure draw={isNear ? draw : undefined} caption={caption}>
        <div style={{ height: `${height}px` }} />
      </Figure>
    </div>
  )
}
