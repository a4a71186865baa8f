/** A picture as a canvas or a decoder gives it: four bytes a pixel (red, green, blue, alpha), rows from the top. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/** One number a pixel, rows from the top. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
}

/** Red, green and blue of an opaque picture, 0 to 255. */
export interface Colors {
  readonly width: number
  readonly height: number
  readonly channels: readonly [Float32Array, Float32Array, Float32Array]
}

/** A color, 0 to 255 a channel. */
export type Color = readonly [number, number, number]

/** What is laid behind what one can see through; `fringe`: the ground that the picture's own rim betrays. */
export type Backdrop = 'white' | 'black' | 'fringe'

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle in pixels, its edges anywhere between them. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * How light a color looks, 0 to 255: luma with the weights of ITU-R BT.601, as JPEG, Pillow and torchvision have it. Gray
 * stays exactly as it is.
 */
export const luma = ([red, green, blue]: Color) =>
  red === green && green === blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue
