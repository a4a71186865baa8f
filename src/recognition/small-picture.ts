/** Bytes of shape [height, width, channels], gray or in colors. */
export interface SmallPicture {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** How much of the warm color lies over the pixel that matters most. */
const STRONGEST = 0.75
const WARM = [242, 142, 76]

/** An image with a map of its size over it: warm where it matters most. Without a map, the image in gray. */
export function overlaid(
  { width, height, channels, pixels }: SmallPicture,
  map: { readonly values: ArrayLike<number> } | undefined,
): SmallPicture {
  const values = Array.from(map?.values ?? new Float64Array(width * height))
  const largest = Math.max(...values) || 1
  const mixed = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [p, c] = [Math.floor(i / 3), i % 3]
    const share = (STRONGEST * values[p]) / largest
    return (1 - share) * pixels[p * channels + (channels === 1 ? 0 : c)] + share * WARM[c]
  })
  return { width, height, channels: 3, pixels: mixed }
}
