import { z } from 'zod'

const count = z.number().int().nonnegative()

/** Images of one cell of a confusion matrix, by their numbers in the test split. */
const cell = z.object({ truth: count, predicted: count, indices: z.array(count).readonly() })

/** Some images of every cell of a confusion matrix that holds mistakes. */
export const cellImages = z.object({
  cells: z.array(cell).readonly(),
  /** Bytes of [images, height, width, channels] in base64: those of the first cell, then those of the second… */
  pixels: z.base64(),
})
export type CellImages = z.infer<typeof cellImages>
