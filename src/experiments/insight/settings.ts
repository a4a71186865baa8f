import { z } from 'zod'

/** Which networks are looked into, and on how many test images. */
export const insightSettings = z.strictObject({
  /** Names of runs of the study's earlier stages. The last one chooses the images that are shown, and is mapped. */
  networks: z.array(z.string()).min(1),
  /** How many test images the map and the layers' statistics are of. */
  images: z.number().int().min(3).default(1000),
  /** How many points count as near in UMAP. */
  neighbors: z.number().int().min(2).default(15),
  /** Keys the choice of images and the map. */
  seed: z.number().int().nonnegative().default(1),
})
export type InsightSettings = z.infer<typeof insightSettings>
