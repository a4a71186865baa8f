import { useMemo, useRef } from 'preact/hooks'
import { drawConfusionMatrix } from '../../../src/visualization/confusion-matrix.ts'
import { Drawn } from '../../parts/drawn.tsx'

interface ConfusionProps {
  readonly confusion: readonly (readonly number[])[]
  readonly classNames: readonly string[]
  onOpen(truth: number, predicted: number): void
}

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Makes every cell that has images a button; one Tab stop, arrows go from cell to cell. */
export function openCells(
  svg: SVGSVGElement,
  confusion: readonly (readonly number[])[],
  open: (truth: number, predicted: number) => void,
): void {
  const size = confusion.length
  const cells = [...svg.querySelectorAll<SVGRectElement>('g[data-mark="cell"] rect')]
  svg.setAttribute('role', 'group')
  svg.classList.add('answers')
  const isOpen = (truth: number, predicted: number) => (confusion[truth]?.[predicted] ?? 0) > 0
  const stand = (at: number) => {
    cells.forEach((cell, i) => {
      if (cell.hasAttribute('tabindex')) cell.setAttribute('tabindex', i === at ? '0' : '-1')
    })
  }
  const go = (from: number, key: string) => {
    const step = steps[key]
    if (step === undefined) return undefined
    let [truth, predicted] = [Math.floor(from / size) + step[0], (from % size) + step[1]]
    while (truth >= 0 && predicted >= 0 && truth < size && predicted < size) {
      if (isOpen(truth, predicted)) return truth * size + predicted
      truth += step[0]
      predicted += step[1]
    }
    return from
  }
  cells.forEach((cell, i) => {
    const [truth, predicted] = [Math.floor(i / size), i % size]
    if (!isOpen(truth, predicted)) return
    const said = cell.querySelector('title')?.textContent ?? ''
    cell.setAttribute('role', 'button')
    cell.setAttribute('aria-haspopup', 'dialog')
    cell.setAttribute('aria-label', `${said}. Show images`)
    cell.setAttribute('tabindex', '-1')
    cell.addEventListener('click', () => {
      stand(i)
      open(truth, predicted)
    })
    cell.addEventListener('focus', () => stand(i))
    cell.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        open(truth, predicted)
        return
      }
      const to = go(i, event.key)
      if (to === undefined) return
      event.preventDefault()
      cells[to].focus()
    })
  })
  stand(cells.findIndex((cell) => cell.hasAttribute('tabindex')))
}

/** The confusion matrix of the reports, with cells that open. */
export function ConfusionFigure({ confusion, classNames, onOpen }: ConfusionProps) {
  const opened = useRef(onOpen)
  opened.current = onOpen
  const draw = useMemo(
    () => (document: Document) => {
      const texts = {
        title: 'Confusion matrix',
        description: 'Rows are the true classes, columns the predicted ones.',
      }
      const svg = drawConfusionMatrix(document, confusion, { ...texts, classNames })
      openCells(svg, confusion, (truth, predicted) => opened.current(truth, predicted))
      return svg
    },
    [confusion, classNames],
  )
  return <Drawn draw={draw} height={420} class="confusion" />
}
