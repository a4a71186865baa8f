import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { hideTip, showTip } from './tip.ts'

/** What a figure of `visualization/` draws, once its code is here. */
export type Drawing = (document: Document) => Element

interface FigureProps {
  /** Draws the figure; a new function draws it anew. Without one, `children` stand in its place. */
  readonly draw: Drawing | undefined
  readonly caption?: ComponentChildren
  /** Shown while there is nothing to draw. */
  readonly children?: ComponentChildren
  readonly class?: string
}

/** Hosts a figure that `visualization/` drew. Points at its parts show what they say of themselves. */
export function Figure({ draw, caption, children, class: name = '' }: FigureProps) {
  const host = useRef<HTMLDivElement>(null)
  const [error, setError] = useState<unknown>()
  const id = useId()
  useEffect(() => {
    if (draw === undefined) return
    try {
      host.current?.replaceChildren(draw(document))
      setError(undefined)
    } catch (thrown) {
      setError(thrown)
    }
  }, [draw])
  return (
    <figure class={`figure ${name}`} aria-labelledby={caption === undefined ? undefined : id}>
      {error !== undefined && <p role="alert">The figure could not be drawn: {String(error)}</p>}
      {draw === undefined && children}
      <div
        class="drawing"
        ref={host}
        hidden={draw === undefined}
        onPointerMove={showTip}
        onPointerLeave={hideTip}
      />
      {caption !== undefined && <figcaption id={id}>{caption}</figcaption>}
    </figure>
  )
}
