/** Images of one size, 8 bits a channel: pixel bytes of shape [count, height, width, channels]. */
export interface Images {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Images with one class number each: labels of shape [count], below the number of classes. */
export interface LabeledImages extends Images {
  readonly labels: Uint8Array
}

/** The bytes of some images by their numbers, one after another: shape [indices, height, width, channels]. */
export function pixelsAt(
  { pixels, height, width, channels }: Images,
  indices: ArrayLike<number>,
): Uint8Array {
  const size = height * width * channels
  const out = new Uint8Array(indices.length * size)
  for (let i = 0; i < indices.length; i++)
    out.set(pixels.subarray(indices[i] * size, (indices[i] + 1) * size), i * size)
  return out
}
