import { z } from 'zod'

const count = z.number().int().nonnegative()
const counts = z.array(count).readonly()
const share = z.number().min(0).max(1)

/** Weights of a first layer as small pictures. */
const filters = z.object({
  layer: z.string(),
  height: count,
  width: count,
  /** How many the layer has, and the numbers of those that are shown. */
  total: count,
  shown: counts,
  /** The magnitude that is drawn strongest; what few weights are greater are drawn alike. */
  largest: z.number().nonnegative(),
  /** Bytes of [shown, height, width] in base64: 0 is −largest, 127.5 zero, 255 +largest; means over the input's channels. */
  weights: z.base64(),
})

/** What a layer gave over the sample. */
const layer = z.object({
  name: z.string(),
  kind: z.string(),
  shape: counts,
  mean: z.number(),
  /** Standard deviation. */
  spread: z.number().nonnegative(),
  /** The share of values that are exactly zero. */
  zeros: share,
  units: count,
  /** Units that gave zero for every image. */
  dead: count,
  /** The length of the mean loss's gradient by the layer's kernel; null for a layer without one. */
  gradient: z.number().nonnegative().nullable(),
})

/** What a network says of one image. */
const answer = z.object({ predicted: count, probability: share })

const networkInsight = z.object({
  /** Of the run, as among the study's networks. */
  name: z.string(),
  title: z.string(),
  method: z.enum(['grad-cam', 'input-gradient']),
  /** Where Grad-CAM was made. */
  layer: z.string().optional(),
  /** One for each shown image. */
  answers: z.array(answer).readonly(),
  /** How much each pixel speaks for the answer: bytes of [shown, height, width] in base64, 255 at the most of each image. */
  maps: z.base64(),
  filters,
  layers: z.array(layer).readonly(),
})

/** Coordinates of the sample's images, [x, y] each, rounded. */
const places = z.array(z.tuple([z.number(), z.number()]).readonly()).readonly()

const mapRecord = z.object({
  name: z.string(),
  title: z.string(),
  /** The layer whose values are mapped, and how many there are. */
  layer: z.string(),
  dimensions: count,
  /** Of the images in the test split, with what they are and what the network says. */
  indices: counts,
  labels: counts,
  predicted: counts,
  pca: z.object({ places, explained: z.array(share).readonly() }),
  umap: z.object({ places, neighbors: count }),
})

/** What was found by looking into some networks of a study; images are of the test split, after it was opened. */
export const insightRecord = z.object({
  /** How many test images the layers' statistics are of. */
  sample: count,
  /** Images whose answers are explained. */
  shown: z.object({ indices: counts, labels: counts }),
  networks: z.array(networkInsight).min(1).readonly(),
  map: mapRecord,
  seconds: z.number().nonnegative(),
})
export type InsightRecord = z.infer<typeof insightRecord>
export type NetworkInsight = z.infer<typeof networkInsight>
export type FiltersRecord = z.infer<typeof filters>
export type MapRecord = z.infer<typeof mapRecord>
