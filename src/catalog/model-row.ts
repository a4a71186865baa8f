import { z } from 'zod'

const count = z.number().int().nonnegative()

/** A network that can be asked. */
export const modelRow = z.object({
  /** `default`, or the id of its run. */
  id: z.string(),
  name: z.string(),
  /** Known of those that are open. */
  classNames: z.array(z.string()).nullable(),
  /** [height, width, channels]. */
  imageShape: z.array(count).nullable(),
  /** The data it was trained on. */
  source: z.string().nullable(),
  temperature: z.number().nullable(),
  /** The probability below which it says that it is not sure. */
  threshold: z.number().nullable(),
})
export type ModelRow = z.infer<typeof modelRow>
