import { philox } from '../../base/philox.ts'
import type { Meaning, Round } from './context.ts'

/** Inverted dropout (Srivastava et al. 2014): what is kept is scaled by 1 / (1 − rate). Here `mask` holds 1 or 0. */
export function dropout(round: Round) {
  const forward: Meaning = (
    { memory, count, step },
    { x, y, mask },
    { size, key0, key1, threshold, scale },
  ) => {
    for (let i = 0; i < count * size; i++) {
      const word = philox(Math.floor(i / 4), step, 0, 0, key0, key1)[i % 4]
      const kept = word >= threshold >>> 0
      memory[mask + i] = kept ? 1 : 0
      memory[y + i] = kept ? round(memory[x + i] * round(scale)) : 0
    }
  }

  const gradient: Meaning = ({ memory, count }, { mask, dy }, { size, scale }) => {
    for (let i = 0; i < count * size; i++) {
      memory[dy + i] = memory[mask + i] ? round(memory[dy + i] * round(scale)) : 0
    }
  }

  return { dropout: forward, dropoutGrad: gradient }
}
