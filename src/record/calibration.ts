import { z } from 'zod'
import { renamed } from './version-1.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)

/** How honest probabilities are. */
const honesty = {
  /** Mean cross-entropy, in nats. */
  loss: z.number(),
  /** The mean gap between confidence and accuracy over the bins, weighted by their images. */
  expectedCalibrationError: share,
}

/** The images whose confidence, the probability of the class that was named, lies above `low` and not above `high`. */
const bin = z.object({ low: share, high: share, count, confidence: share, accuracy: share })

/** A network that says "not sure" below the threshold: the share of images it answers, and how often it is right then. */
const answering = z.preprocess(
  // Of no answers version 1 said that all are right.
  (value) => (isOfNone(value) ? { ...value, accuracy: null } : value),
  z.object({ coverage: share, accuracy: share.nullable() }),
)
const point = z.object({ coverage: share, accuracy: share, threshold: share })

const isOfNone = (value: unknown): value is { readonly coverage: 0 } =>
  (value as { readonly coverage?: unknown } | null)?.coverage === 0

/** The names of version 1. */
const former = { error: 'expectedCalibrationError', sure: 'aboveThreshold', curve: 'coverageCurve' }

const split = { count, aboveThreshold: answering }
const brief = renamed(z.object(honesty), former)
const drawn = renamed(z.object({ ...honesty, bins: z.array(bin).readonly() }), former)

const onValidation = z.object({ ...split, before: brief, after: brief })
const onTest = z.object({
  ...split,
  /** As the network says them. */
  before: drawn,
  /** Divided by the temperature. */
  after: drawn,
  /** From few answers to all, by the divided ones. */
  coverageCurve: z.array(point).readonly(),
})

/** Temperature and threshold with the figures that say what they are worth. */
export const calibrationRecord = z.object({
  /** Divides the logits. */
  temperature: z.number().positive(),
  /** A confidence below it is "not sure". */
  threshold: share,
  /** Where the validation images are known: those that both were fitted on. */
  validation: renamed(onValidation, former).optional(),
  test: renamed(onTest, former),
})
/** What was fitted on validation, and what it does there and on the test images. */
export type CalibrationRecord = z.infer<typeof calibrationRecord>
export type BinRecord = z.infer<typeof bin>

/** What is fitted on validation and goes with the weights. */
export type Fitted = Pick<CalibrationRecord, 'temperature' | 'threshold'>

const numberOr = (usual: string) => z.string().default(usual).transform(Number)

/** What was fitted as a weights file's metadata hold it; as if nothing had been where they do not. */
export const storedFit = z.object({
  temperature: numberOr('1').pipe(z.number().positive()),
  threshold: numberOr('0').pipe(share),
})
