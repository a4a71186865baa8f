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
  /** Pixels of the screen a pixel of the picture; the style sheet's size where none is given. */
  readonly scale?: number
  readonly class?: string
}

/** Bytes of shape [height, width, channels] as pixels; gray where there is one channel. */
export function pixelsOf(bytes: Uint8Array, height: number, width: number, channels: number): Pixels {
  const rgba = new Uint8ClampedArray(4 * height * width)
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < 3; c++) rgba[4 * p + c] = bytes[p * channels + Math.min(c, channels - 1)]
    rgba[4 * p + 3] = 255
  }
  return { width, height, rgba }
}

/** A small picture, enlarged by whole pixels. */
export function Picture({ pixels, label, scale, class: name = '' }: PictureProps) {
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
      style={scale === undefined ? undefined : { width: `${scale * pixels.width}px` }}
      role={hidden ? undefined : 'img'}
      aria-label={hidden ? undefined : label}
      aria-hidden={hidden || undefined}
    />
  )
}
