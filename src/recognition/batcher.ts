import type { Prediction } from './prediction.ts'

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
  predictor: {
    predictAll(pixels: Uint8Array<ArrayBuffer>): readonly Prediction[] | Promise<readonly Prediction[]>
  },
  { most = 64, onBatch = (_: number) => {} } = {},
): Batcher {
  let waiting: Asked[] = []
  let isWorking = false

  const run = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      onBatch(batch.length)
      try {
        const answers = await predictor.predictAll(joined(batch.map(({ pixels }) => pixels)))
        batch.forEach(({ resolve }, i) => {
          resolve(answers[i])
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isWorking = false
  }

  return {
    ask: (pixels) =>
      new Promise((resolve, reject) => {
        waiting.push({ pixels, resolve, reject })
        if (isWorking) return
        isWorking = true
        setImmediate(run)
      }),
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
