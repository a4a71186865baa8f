import type { Attributes } from '../operation.ts'
import type { Meaning, Round } from './context.ts'

/** In `argmax`: no pixel, since the window saw none or its gradient ends here. */
export const NOWHERE = -1

/**
 * Pooling over windows of kernelHeight × kernelWidth, which may overlap; padding takes no part.
 * Here `argmax` holds the pixel's number within its image and channel, row·width + column.
 */

const forward: Meaning = ({ memory, count }, { x, y, argmax }, g) => {
  const { height, width, channels, outHeight, outWidth } = g
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < channels; c++) {
          let best = Number.NEGATIVE_INFINITY
          let where = NOWHERE
          for (let a = 0; a < g.kernelHeight; a++) {
            const row = i * g.strideHeight - g.padTop + a
            if (row < 0 || row >= height) continue
            for (let b = 0; b < g.kernelWidth; b++) {
              const column = j * g.strideWidth - g.padLeft + b
              if (column < 0 || column >= width) continue
              const value = memory[x + ((n * height + row) * width + column) * channels + c]
              if (where === NOWHERE || value > best) {
                best = value
                where = row * width + column
              }
            }
          }
          const out = ((n * outHeight + i) * outWidth + j) * channels + c
          memory[y + out] = best
          memory[argmax + out] = where
        }
      }
    }
  }
}

const gradient =
  (round: Round): Meaning =>
  ({ memory, count }, { dy, argmax, dx }, g) => {
    const { height, width, channels, outHeight, outWidth } = g
    memory.fill(0, dx, dx + count * height * width * channels)
    for (let n = 0; n < count; n++) {
      for (let p = 0; p < outHeight * outWidth; p++) {
        for (let c = 0; c < channels; c++) {
          const out = (n * outHeight * outWidth + p) * channels + c
          if (memory[argmax + out] === NOWHERE) continue
          const pixel = dx + (n * height * width + memory[argmax + out]) * channels + c
          memory[pixel] = round(memory[pixel] + memory[dy + out])
        }
      }
    }
  }

/** Calls `visit` for each pixel of the image that a window sees, in ascending order; returns their number. */
function eachPixel(g: Attributes, i: number, j: number, visit: (pixel: number) => void): number {
  let seen = 0
  for (let a = 0; a < g.kernelHeight; a++) {
    const row = i * g.strideHeight - g.padTop + a
    if (row < 0 || row >= g.height) continue
    for (let b = 0; b < g.kernelWidth; b++) {
      const column = j * g.strideWidth - g.padLeft + b
      if (column < 0 || column >= g.width) continue
      visit(row * g.width + column)
      seen += 1
    }
  }
  return seen
}

const average =
  (round: Round): Meaning =>
  ({ memory, count }, { x, y }, g) => {
    const { height, width, channels, outHeight, outWidth } = g
    for (let n = 0; n < count; n++) {
      for (let window = 0; window < outHeight * outWidth; window++) {
        const [i, j] = [Math.floor(window / outWidth), window % outWidth]
        for (let c = 0; c < channels; c++) {
          let sum = 0
          const seen = eachPixel(g, i, j, (pixel) => {
            sum = round(sum + memory[x + (n * height * width + pixel) * channels + c])
          })
          memory[y + (n * outHeight * outWidth + window) * channels + c] = round(sum / seen)
        }
      }
    }
  }

const averageGradient =
  (round: Round): Meaning =>
  ({ memory, count }, { dy, dx }, g) => {
    const { height, width, channels, outHeight, outWidth } = g
    memory.fill(0, dx, dx + count * height * width * channels)
    for (let n = 0; n < count; n++) {
      for (let window = 0; window < outHeight * outWidth; window++) {
        const [i, j] = [Math.floor(window / outWidth), window % outWidth]
        const seen = eachPixel(g, i, j, () => {})
        for (let c = 0; c < channels; c++) {
          const share = round(memory[dy + (n * outHeight * outWidth + window) * channels + c] / seen)
          eachPixel(g, i, j, (pixel) => {
            const at = dx + (n * height * width + pixel) * channels + c
            memory[at] = round(memory[at] + share)
          })
        }
      }
    }
  }

/** The operations by their names. */
export const pooling = (round: Round) => ({
  maxPool: forward,
  maxPoolGrad: gradient(round),
  averagePool: average(round),
  averagePoolGrad: averageGradient(round),
})
