import { useEffect, useMemo, useRef } from 'preact/hooks'
import { drawParallel } from '../../../src/search/figures/parallel.ts'
import { trialOfSentence } from '../../../src/search/figures/values.ts'
import type { SearchRecord } from '../../../src/search/record.ts'
import { svgElement } from '../../../src/visualization/frame.ts'
import { Drawn } from '../../parts/drawn.tsx'
import { axisNames, type Brush, type Stretch } from './brush.ts'

interface Scaled {
  scale(name: 'x' | 'y'): { apply(value: number): number; invert(value: number): number }
}

/** How far beside an axis one may take hold of it, in pixels. */
const REACH = 16
/** A press that moves less than this takes the stretch away. */
const LEAST = 4

interface BrushLayer {
  readonly record: SearchRecord
  /** Told while the pointer is drawn along an axis, and at last when it is let go. */
  onBrush(name: string, stretch: Stretch | undefined, isDone: boolean): void
}

/** Lays zones over the axes of a drawing, along which a pointer is drawn. */
function layZones(svg: SVGSVGElement, { record, onBrush }: BrushLayer): void {
  const { scale } = svg as unknown as Scaled
  const [x, y] = [scale('x'), scale('y')]
  const [top, bottom] = [y.apply(1), y.apply(0)]
  const layer = svgElement(document, 'g', { class: 'brush-layer' })
  axisNames(record).forEach((name, i) => {
    const at = x.apply(i)
    const box = { x: at - REACH, width: 2 * REACH }
    const stretch = svgElement(document, 'rect', {
      ...box,
      y: top,
      height: 0,
      class: 'stretch',
      'data-axis': name,
    })
    const zone = svgElement(document, 'rect', {
      ...box,
      y: top - 6,
      height: bottom - top + 24,
      class: 'zone',
      'data-axis': name,
    })
    let from: number | undefined
    const place = (event: PointerEvent) => {
      const matrix = svg.getScreenCTM()
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix?.inverse())
      return point.y
    }
    const between = (to: number): Stretch => {
      const [a, b] = [y.invert(Math.max(from ?? to, to)), y.invert(Math.min(from ?? to, to))]
      return [Math.max(-0.12, a), Math.min(1.02, b)]
    }
    zone.addEventListener('pointerdown', (event) => {
      from = place(event)
      zone.setPointerCapture(event.pointerId)
      event.preventDefault()
    })
    zone.addEventListener('pointermove', (event) => {
      if (from === undefined) return
      const to = place(event)
      if (Math.abs(to - from) >= LEAST) onBrush(name, between(to), false)
    })
    zone.addEventListener('pointerup', (event) => {
      if (from === undefined) return
      const to = place(event)
      onBrush(name, Math.abs(to - from) >= LEAST ? between(to) : undefined, true)
      from = undefined
    })
    zone.addEventListener('pointercancel', () => {
      from = undefined
    })
    layer.append(stretch, zone)
  })
  svg.append(layer)
}

/** Gives every line a wide shadow that the pointer finds, and the number of its trial. */
function nameLines(svg: SVGSVGElement): void {
  const lines = [...svg.querySelectorAll<SVGPathElement>('g[data-mark="line"] path')]
  for (const line of lines) {
    const said = line.querySelector('title')?.textContent ?? ''
    line.querySelector('title')?.remove()
    line.dataset.trial = String(trialOfSentence(said) ?? '')
    const shadow = line.cloneNode(false) as SVGPathElement
    shadow.setAttribute('class', 'shadow')
    shadow.dataset.tip = said
    shadow.addEventListener('pointerenter', () => line.classList.add('named'))
    shadow.addEventListener('pointerleave', () => line.classList.remove('named'))
    line.parentNode?.append(shadow)
  }
}

/** Shows what is brushed: the stretches, and the lines that are out faintly. */
function showBrush(svg: SVGSVGElement, brush: Brush, inside: ReadonlySet<number>): void {
  const y = (svg as unknown as Scaled).scale('y')
  for (const rect of svg.querySelectorAll<SVGRectElement>('.stretch')) {
    const stretch = brush.get(rect.dataset.axis ?? '')
    const [low, high] = stretch ?? [0, 0]
    rect.setAttribute('y', y.apply(high).toFixed(1))
    rect.setAttribute('height', stretch === undefined ? '0' : (y.apply(low) - y.apply(high)).toFixed(1))
  }
  for (const path of svg.querySelectorAll<SVGPathElement>('path[data-trial]')) {
    path.classList.toggle('out', !inside.has(Number(path.dataset.trial)))
  }
}

interface ParallelProps extends BrushLayer {
  readonly brush: Brush
  readonly inside: ReadonlySet<number>
  onPick(trial: number): void
}

/** Parallel coordinates of the reports, whose axes can be brushed and whose lines open their runs. */
export function Parallel({ record, brush, inside, onBrush, onPick }: ParallelProps) {
  const now = useRef({ brush, inside, onBrush })
  now.current = { brush, inside, onBrush }
  const drawn = useRef<SVGSVGElement>(undefined)
  const draw = useMemo(
    () => (document: Document, width: number) => {
      const svg = drawParallel(document, record, {
        title: 'Parallel coordinates',
        description: `A line a trial over all parameters, to ${record.metric}; the darker, the better.`,
        width: Math.max(width, 90 * axisNames(record).length),
        height: 340,
      })
      nameLines(svg)
      layZones(svg, { record, onBrush: (...told) => now.current.onBrush(...told) })
      svg.classList.add('answers')
      showBrush(svg, now.current.brush, now.current.inside)
      drawn.current = svg
      return svg
    },
    [record],
  )
  useEffect(() => {
    if (drawn.current !== undefined) showBrush(drawn.current, brush, inside)
  }, [brush, inside])
  return (
    <Drawn
      draw={draw}
      height={340}
      class="parallel"
      scrolls="Parallel coordinates"
      onPick={(said) => {
        const trial = trialOfSentence(said)
        if (trial !== undefined) onPick(trial)
      }}
    />
  )
}
