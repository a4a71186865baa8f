import type { Prediction } from './prediction.ts'
import type { Predictor } from './predictor.ts'

/** Puts images that come together into one batch for the kernels. */
export interface Batcher {
  /** What the network says of one image, in the form of the training data; shape [height, width, channels]. */
  ask(pixels: Uint8Array): Promise<Prediction>
}

interface Asked {
  readonly pixels: Uint8Array
  resolve(answer: Prediction): void
  reject(error: unknown): void
}

/**
 * A batcher of at most so many images a batch. A batch begins when all that arrived in the same turn of the event loop
 * has been seen: nobody waits for others, and while the kernels work, the next batch gathers.
 */
export function openBatcher(
  predictor: Pick<Predictor, 'predictAll'>,
  { most = 64, onBatch = (_: number) => {} } = {},
): Batcher {
  let waiting: Asked[] = []

  const run = () => {
    const batch = waiting.slice(0, most)
    waiting = waiting.slice(most)
    if (waiting.length > 0) setImmediate(run) // others get a turn in between
    onBatch(batch.length)
    try {
      const answers = predictor.predictAll(joined(batch.map(({ pixels }) => pixels)))
      batch.forEach(({ resolve }, i) => {
        resolve(answers[i])
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    ask: (pixels) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ pixels, resolve, reject }) === 1) setImmediate(run)
      }),
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
