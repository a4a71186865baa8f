import type { Meaning, Round } from './context.ts'

/** Fully connected layers. Legend: n examples, k inputs, o outputs; x [n, k], W [k, o], b [o], y [n, o]. */
export function dense(round: Round) {
  const forward: Meaning = ({ memory, count }, { x, w, b, y }, { inputs, outputs, relu }) => {
    for (let n = 0; n < count; n++) {
      for (let o = 0; o < outputs; o++) {
        let sum = 0
        for (let k = 0; k < inputs; k++) {
          sum = round(sum + round(memory[x + n * inputs + k] * memory[w + k * outputs + o]))
        }
        sum = round(sum + memory[b + o])
        memory[y + n * outputs + o] = relu && sum < 0 ? 0 : sum
      }
    }
  }

  const gradWeights: Meaning = ({ memory, count }, { x, dy, dw, db }, { inputs, outputs }) => {
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < inputs; k++) {
        let sum = 0
        for (let n = 0; n < count; n++) {
          sum = round(sum + round(memory[x + n * inputs + k] * memory[dy + n * outputs + o]))
        }
        memory[dw + k * outputs + o] = sum
      }
      let sum = 0
      for (let n = 0; n < count; n++) sum = round(sum + memory[dy + n * outputs + o])
      memory[db + o] = sum
    }
  }

  const gradInput: Meaning = ({ memory, count }, { dy, w, dx }, { inputs, outputs }) => {
    for (let n = 0; n < count; n++) {
      for (let k = 0; k < inputs; k++) {
        let sum = 0
        for (let o = 0; o < outputs; o++) {
          sum = round(sum + round(memory[dy + n * outputs + o] * memory[w + k * outputs + o]))
        }
        memory[dx + n * inputs + k] = sum
      }
    }
  }

  return { dense: forward, denseGradWeights: gradWeights, denseGradInput: gradInput }
}
