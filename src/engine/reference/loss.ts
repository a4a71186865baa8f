import type { Meaning, Round } from './context.ts'
import { elementary } from './elementary.ts'

/** Softmax and cross-entropy, row by row; sums run over ascending classes from +0. */
export function loss(round: Round) {
  const { exp, ln } = elementary(round)

  /** Writes softmax(z) of one row to p; returns the largest z, the sum of the exponentials and where the largest stood. */
  function softmaxRow(memory: Float32Array | Float64Array, z: number, p: number, classes: number) {
    let first = 0
    for (let c = 1; c < classes; c++) if (memory[z + c] > memory[z + first]) first = c
    const largest = memory[z + first]
    let sum = 0
    for (let c = 0; c < classes; c++) {
      memory[p + c] = exp(round(memory[z + c] - largest))
      sum = round(sum + memory[p + c])
    }
    for (let c = 0; c < classes; c++) memory[p + c] = round(memory[p + c] / sum)
    return { largest, sum, first }
  }

  const softmax: Meaning = ({ memory, count }, { x, y }, { classes }) => {
    for (let n = 0; n < count; n++) softmaxRow(memory, x + n * classes, y + n * classes, classes)
  }

  const softmaxGrad: Meaning = ({ memory, count }, { y, dy }, { classes }) => {
    for (let n = 0; n < count; n++) {
      const row = n * classes
      let sum = 0
      for (let c = 0; c < classes; c++) sum = round(sum + round(memory[dy + row + c] * memory[y + row + c]))
      for (let c = 0; c < classes; c++) {
        memory[dy + row + c] = round(memory[y + row + c] * round(memory[dy + row + c] - sum))
      }
    }
  }

  /** −ln p = ln Σ exp(z − max) − (z − max), which stays finite where p underflows. */
  const crossEntropy: Meaning = ({ memory, count }, { z, labels, p, losses, hits }, { classes, on, off }) => {
    for (let n = 0; n < count; n++) {
      const label = memory[labels + n]
      const { largest, sum, first } = softmaxRow(memory, z + n * classes, p + n * classes, classes)
      const lnSum = ln(sum)
      let total = 0
      let known = false
      for (let c = 0; c < classes; c++) {
        const surprise = round(lnSum - round(memory[z + n * classes + c] - largest))
        total = round(total + round(round(c === label ? on : off) * surprise))
        known ||= c === label
      }
      memory[losses + n] = known ? total : Number.NaN
      memory[hits + n] = first === label ? 1 : 0
    }
  }

  const crossEntropyGrad: Meaning = ({ memory, count }, { p, labels, dz }, { classes, on, off }) => {
    const share = round(1 / count)
    for (let n = 0; n < count; n++) {
      for (let c = 0; c < classes; c++) {
        const target = round(memory[labels + n] === c ? on : off)
        memory[dz + n * classes + c] = round(round(memory[p + n * classes + c] - target) * share)
      }
    }
  }

  return { softmax, softmaxGrad, crossEntropy, crossEntropyGrad }
}
