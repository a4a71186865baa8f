import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { hideTip, showTip } from './tip.ts'
import { giveUp, inTurn } from './turns.ts'

/** What a figure of `visualization/` draws, once its code is here, into a place of so many pixels. */
export type Drawing = (document: Document, width: number) => Element

interface FigureProps {
  /** Draws the figure; a new function draws it anew. Without one, `children` stand in its place. */
  readonly draw: Drawing | undefined
  readonly caption?: ComponentChildren
  /** Shown while there is nothing to draw. */
  readonly children?: ComponentChildren
  readonly class?: string
}

/** How wide an element is, in steps that are worth a new drawing. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setWidth(8 * Math.floor(contentRect.width / 8)),
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** Hosts a figure that `visualization/` drew. Points at its parts show what they say of themselves. */
export function Figure({ draw, caption, children, class: name = '' }: FigureProps) {
  const frame = useRef<HTMLElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const [error, setError] = useState<unknown>()
  const width = useWidth(frame)
  const id = useId()
  useEffect(() => {
    if (draw === undefined || width === 0) return
    inTurn(host, () => {
      try {
        host.current?.replaceChildren(draw(document, width))
        setError(undefined)
      } catch (thrown) {
        setError(thrown)
      }
    })
    return () => giveUp(host)
  }, [draw, width])
  return (
    <figure ref={frame} class={`figure ${name}`} aria-labelledby={caption === undefined ? undefined : id}>
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

/** Code that is fetched when it is first needed; undefined until it is here. */
export function useModule<T extends object>(load: () => Promise<T>): T | undefined {
  const [module, setModule] = useState<T>()
  useEffect(() => {
    let isWanted = true
    load().then(
      (loaded) => isWanted && setModule(loaded),
      () => {}, // the figure's place stays empty; the view's own state says that the server is away
    )
    return () => {
      isWanted = false
    }
  }, [load])
  return module
}
