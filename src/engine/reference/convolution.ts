import type { Attributes } from '../operation.ts'
import type { Meaning, Round } from './context.ts'

/**
 * Convolutions (cross-correlations), channels last. Legend: x [n, height, width, channels],
 * w [kernelHeight, kernelWidth, channels, filters], y [n, outHeight, outWidth, filters]. Output (i, j) reads the inputs
 * (i·stride − pad + a·dilation, j·stride − pad + b·dilation) for the taps (a, b) of the kernel.
 */

const forward =
  (round: Round): Meaning =>
  ({ memory, count }, at, g) => {
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < g.outHeight; i++) {
        for (let j = 0; j < g.outWidth; j++) {
          for (let o = 0; o < g.filters; o++) {
            const sum = round(output(round, n, i, j, o, memory, at, g) + memory[at.b + o])
            memory[at.y + ((n * g.outHeight + i) * g.outWidth + j) * g.filters + o] =
              g.relu && sum < 0 ? 0 : sum
          }
        }
      }
    }
  }

function output(
  round: Round,
  n: number,
  i: number,
  j: number,
  o: number,
  memory: Float32Array | Float64Array,
  { x, w }: Readonly<Record<string, number>>,
  g: Attributes,
) {
  const { height, width, channels, filters } = g
  let sum = 0
  for (let a = 0; a < g.kernelHeight; a++) {
    const row = i * g.strideHeight - g.padTop + a * g.dilationHeight
    if (row < 0 || row >= height) continue
    for (let b = 0; b < g.kernelWidth; b++) {
      const column = j * g.strideWidth - g.padLeft + b * g.dilationWidth
      if (column < 0 || column >= width) continue
      const pixel = x + ((n * height + row) * width + column) * channels
      const tap = w + (a * g.kernelWidth + b) * channels * filters + o
      for (let c = 0; c < channels; c++) {
        sum = round(sum + round(memory[pixel + c] * memory[tap + c * filters]))
      }
    }
  }
  return sum
}

/** dw = Σ over images of (Σ over output rows and columns of x·dy), each inner sum from +0; db likewise. */
const gradWeights =
  (round: Round): Meaning =>
  ({ memory, count }, { x, dy, dw, db }, g) => {
    const { height, width, channels, filters, outHeight, outWidth } = g
    memory.fill(0, dw, dw + g.kernelHeight * g.kernelWidth * channels * filters)
    memory.fill(0, db, db + filters)
    for (let n = 0; n < count; n++) {
      for (let o = 0; o < filters; o++) {
        let biasSum = 0
        for (let p = 0; p < outHeight * outWidth; p++) {
          biasSum = round(biasSum + memory[dy + (n * outHeight * outWidth + p) * filters + o])
        }
        memory[db + o] = round(memory[db + o] + biasSum)
        for (let a = 0; a < g.kernelHeight; a++) {
          for (let b = 0; b < g.kernelWidth; b++) {
            for (let c = 0; c < channels; c++) {
              let sum = 0
              for (let i = 0; i < outHeight; i++) {
                const row = i * g.strideHeight - g.padTop + a * g.dilationHeight
                if (row < 0 || row >= height) continue
                for (let j = 0; j < outWidth; j++) {
                  const column = j * g.strideWidth - g.padLeft + b * g.dilationWidth
                  if (column < 0 || column >= width) continue
                  const pixel = memory[x + ((n * height + row) * width + column) * channels + c]
                  const slope = memory[dy + ((n * outHeight + i) * outWidth + j) * filters + o]
                  sum = round(sum + round(pixel * slope))
                }
              }
              const weight = dw + ((a * g.kernelWidth + b) * channels + c) * filters + o
              memory[weight] = round(memory[weight] + sum)
            }
          }
        }
      }
    }
  }

/** dx = Σ over kernel rows, kernel columns, then filters of dy·w, where a tap of some output fell on the pixel. */
const gradInput =
  (round: Round): Meaning =>
  ({ memory, count }, { dy, w, dx }, g) => {
    const { height, width, channels, filters, outHeight, outWidth } = g
    for (let n = 0; n < count; n++) {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          for (let c = 0; c < channels; c++) {
            let sum = 0
            for (let a = 0; a < g.kernelHeight; a++) {
              const i = (row + g.padTop - a * g.dilationHeight) / g.strideHeight
              if (!Number.isInteger(i) || i < 0 || i >= outHeight) continue
              for (let b = 0; b < g.kernelWidth; b++) {
                const j = (column + g.padLeft - b * g.dilationWidth) / g.strideWidth
                if (!Number.isInteger(j) || j < 0 || j >= outWidth) continue
                const slopes = dy + ((n * outHeight + i) * outWidth + j) * filters
                const tap = w + ((a * g.kernelWidth + b) * channels + c) * filters
                for (let o = 0; o < filters; o++) {
                  sum = round(sum + round(memory[slopes + o] * memory[tap + o]))
                }
              }
            }
            memory[dx + ((n * height + row) * width + column) * channels + c] = sum
          }
        }
      }
    }
  }

/** The operations by their names. */
export const convolution = (round: Round) => ({
  convolution: forward(round),
  convolutionGradWeights: gradWeights(round),
  convolutionGradInput: gradInput(round),
})
