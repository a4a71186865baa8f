/** How much each pixel matters: numbers ≥ 0 of shape [height, width]. */
export interface Heatmap {
  readonly height: number
  readonly width: number
  readonly values: Float64Array
}

/** A tensor of shape [height, width, channels] as it lies in memory. */
export interface Planes {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}

/**
 * The class activation map ReLU(Σₖ αₖ·Aᵏ), αₖ the mean over the pixels of ∂score/∂Aᵏ: Selvaraju et al., "Grad-CAM" (2017).
 * `given` is what a layer gave, A, and `slopes` the gradient of the class's score by it, both [height, width, channels].
 */
export function gradCam({ shape: [height, width, channels], values }: Planes, slopes: Planes): Heatmap {
  const pixels = height * width
  const alpha = new Float64Array(channels)
  for (let i = 0; i < pixels * channels; i++) alpha[i % channels] += slopes.values[i]
  const map = new Float64Array(pixels)
  for (let p = 0; p < pixels; p++) {
    let sum = 0
    for (let k = 0; k < channels; k++) sum += (alpha[k] / pixels) * values[p * channels + k]
    map[p] = Math.max(sum, 0)
  }
  return { height, width, values: map }
}

/** The largest |∂score/∂x| over the channels of each pixel: Simonyan, Vedaldi and Zisserman (2014), §3.1. */
export function saliency({ shape: [height, width, channels], values }: Planes): Heatmap {
  const map = new Float64Array(height * width)
  for (let i = 0; i < map.length * channels; i++) {
    const pixel = Math.floor(i / channels)
    map[pixel] = Math.max(map[pixel], Math.abs(values[i]))
  }
  return { height, width, values: map }
}

/** Where pixel `i` of `to` lies among `from` pixels, both laid over the same span; beyond the centers at the rim, on the rim. */
function between(i: number, from: number, to: number) {
  const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
  const low = Math.floor(at)
  return { low, high: Math.min(low + 1, from - 1), share: at - low }
}

/** A map drawn larger (or smaller), bilinearly: the value at a pixel's center, between the four centers around it. */
export function resize({ height, width, values }: Heatmap, toHeight: number, toWidth: number): Heatmap {
  const out = new Float64Array(toHeight * toWidth)
  for (let i = 0; i < out.length; i++) {
    const y = between(Math.floor(i / toWidth), height, toHeight)
    const x = between(i % toWidth, width, toWidth)
    const along = (row: number) =>
      values[row * width + x.low] * (1 - x.share) + values[row * width + x.high] * x.share
    out[i] = along(y.low) * (1 - y.share) + along(y.high) * y.share
  }
  return { height: toHeight, width: toWidth, values: out }
}

/** A map as bytes, its largest value 255; zeros where there is nothing but zeros. */
export function heatmapBytes({ values }: Heatmap): Uint8Array {
  const largest = values.reduce((a, b) => Math.max(a, b), 0)
  return Uint8Array.from(values, (value) => (largest === 0 ? 0 : Math.round((255 * value) / largest)))
}
