import { useRef } from 'preact/hooks'
import { predict } from '../../recognition/client.ts'

const SIDE = 280
const PEN = 18

/** A sheet to draw on, with a pen as broad as a finger. What is drawn is looked at whenever the pen is lifted. */
export function DrawPad({ onClear }: { onClear(): void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const lastPoint = useRef<readonly [number, number] | undefined>(undefined)
  const context = () => canvas.current?.getContext('2d', { willReadFrequently: true }) ?? undefined

  const pointOf = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const box = canvas.current!.getBoundingClientRect()
    return [((clientX - box.left) * SIDE) / box.width, ((clientY - box.top) * SIDE) / box.height]
  }
  const stroke = (event: PointerEvent) => {
    const [brush, from, to] = [context(), lastPoint.current, pointOf(event)]
    if (brush === undefined || from === undefined) return
    Object.assign(brush, { lineWidth: PEN, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' })
    brush.beginPath()
    brush.moveTo(...from)
    brush.lineTo(...to)
    brush.stroke()
    lastPoint.current = to
  }
  const begin = (event: PointerEvent) => {
    event.preventDefault()
    canvas.current?.setPointerCapture(event.pointerId)
    lastPoint.current = pointOf(event)
    stroke(event)
  }
  const end = async () => {
    if (lastPoint.current === undefined || canvas.current === null) return
    lastPoint.current = undefined
    predict(await createImageBitmap(canvas.current))
  }
  const clear = () => {
    context()?.reset()
    onClear()
  }
  return (
    <div class="pad">
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label="A sheet to draw on with a pointer. Without one, choose a file instead."
        onPointerDown={begin}
        onPointerMove={stroke}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <div class="buttons">
        <button type="button" onClick={clear}>
          Clear
        </button>
        <span class="hint">Fill it in: these networks know filled shapes, not outlines.</span>
      </div>
    </div>
  )
}
