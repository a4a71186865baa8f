import { percent } from '../../../src/visualization/format.ts'
import { light } from '../../../src/visualization/theme.ts'
import { Bars } from '../../parts/bars.tsx'
import { Field } from '../../parts/field.tsx'
import { Picture, type Pixels, pixelsOf } from '../../parts/picture.tsx'
import { explain } from '../../recognition/client.ts'
import type { ExplainedPrediction, ModelSummary } from '../../recognition/protocol.ts'

/** What is said, in a sentence. */
export function Verdict({
  explained,
  summary,
}: {
  readonly explained: ExplainedPrediction
  readonly summary: ModelSummary
}) {
  const { className, probability, isSure } = explained.prediction
  if (isSure) {
    return (
      <p class="verdict">
        {className} <span>{percent(probability)}</span>
      </p>
    )
  }
  return (
    <>
      <p class="verdict">Not sure</p>
      <p>
        Most likely {className} ({percent(probability)}), but below {percent(summary.threshold, 0)} this
        network does not commit to an answer.
      </p>
    </>
  )
}

const channels = (hex: string) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16))

/** The picture dimmed, and over it in orange what speaks for a class. */
function heated(seen: Pixels, heat: Uint8Array, orange: readonly number[]): Pixels {
  const rgba = new Uint8ClampedArray(seen.rgba)
  for (const [p, byte] of heat.entries()) {
    const share = (0.85 * byte) / 255
    for (let c = 0; c < 3; c++) rgba[4 * p + c] = 0.6 * (1 - share) * seen.rgba[4 * p + c] + share * orange[c]
  }
  return { ...seen, rgba }
}

/** The network's input, and what in it speaks for a class. */
export function Explanation({
  explained,
  summary,
}: {
  readonly explained: ExplainedPrediction
  readonly summary: ModelSummary
}) {
  const { pixels, isInverted, heat, label, layer } = explained
  const { height, width, classNames } = summary
  const seen = pixelsOf(pixels, height, width, summary.channels)
  const scale = Math.max(1, Math.round(168 / Math.max(height, width)))
  const orange = channels(light.miss[4]) // the picture has its own dark, whatever the page's colors
  return (
    <div class="saw">
      <figure>
        <Picture pixels={seen} scale={scale} label="The network’s input" />
        <figcaption>
          The network’s input: {height}×{width}
          {summary.channels === 1 && ', gray'}
          {isInverted && ', inverted'}.
        </figcaption>
      </figure>
      <figure>
        <Picture
          pixels={heated(seen, heat, orange)}
          scale={scale}
          label={`In orange, what speaks for ${classNames[label]}`}
        />
        <figcaption>
          In orange, what speaks for {classNames[label]} (
          {layer === undefined ? 'the gradient at every pixel' : `Grad-CAM at ${layer}`}).
        </figcaption>
      </figure>
      <div class="which">
        <Field
          label="What speaks for"
          value={`${label}`}
          choices={classNames.map((name, i) => [`${i}`, name] as const)}
          onInput={(text) => explain(Number(text))}
        />
      </div>
    </div>
  )
}

/** The probability of every class. */
export function Probabilities({
  explained,
  classNames,
}: { readonly explained: ExplainedPrediction } & Pick<ModelSummary, 'classNames'>) {
  const shares = classNames.map((name, i) => ({ name, share: explained.prediction.probabilities[i] }))
  return <Bars shares={shares} label="Probabilities of the classes" />
}
