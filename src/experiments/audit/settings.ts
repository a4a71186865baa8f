import { z } from 'zod'

/** How the labels are audited: which network is trained how often and how long. */
export const labelAuditSettings = z.strictObject({
  network: z.string().default('cnn-small'),
  folds: z.number().int().min(2).default(5),
  epochs: z.number().int().positive().default(6),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.01),
  momentum: z.number().min(0).lt(1).default(0.9),
  seed: z.number().int().nonnegative().default(1),
})
export type LabelAuditSettings = z.infer<typeof labelAuditSettings>

export const auditSettings = z.strictObject({
  /** Root mean square difference, in gray levels, up to which two images are near-duplicates. */
  threshold: z.number().min(0).max(255).default(10),
  /** Whether the nearest training image of each test image is found too. */
  nearest: z.boolean().default(true),
  labels: labelAuditSettings.prefault({}),
})
export type AuditSettings = z.infer<typeof auditSettings>
