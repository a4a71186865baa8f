import { z } from 'zod'

const count = z.number().int().nonnegative()

/** Some images of every cell of a confusion matrix that holds mistakes, by their numbers in the test split. */
export const cellImages = z
  .array(z.object({ truth: count, predicted: count, indices: z.array(count).readonly() }))
  .readonly()
export type CellImages = z.infer<typeof cellImages>
