import { useEffect, useRef } from 'preact/hooks'

/** Pixels to paint: RGBA bytes of shape [height, width, 4]. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray
}

interface PictureProps {
  readonly pixels: Pixels
  /** What it shows, for those who cannot see it; empty where the text beside it says so. */
  readonly label: string
  readonly class?: string
}

/** A small picture, enlarged by whole pixels. */
export function Picture({ pixels, label, class: name = '' }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const { width, height, rgba } = pixels
    if (element.width !== width) element.width = width
    if (element.height !== height) element.height = height
    const image = new ImageData(new Uint8ClampedArray(rgba), width, height)
    element.getContext('2d')?.putImageData(image, 0, 0)
  }, [pixels])
  const hidden = label === ''
  return (
    <canvas
      ref={canvas}
      class={`picture ${name}`}
      width={pixels.width}
      height={pixels.height}
      role={hidden ? undefined : 'img'}
      aria-label={hidden ? undefined : label}
      aria-hidden={hidden}
    />
  )
}
