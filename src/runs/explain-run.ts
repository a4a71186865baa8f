import { InputError } from '../base/errors.ts'
import { shellQuoted } from '../base/shell.ts'
import type { LabeledImages } from '../data/dataset.ts'
import { take } from '../data/hold-out.ts'
import type { Engine } from '../engine/backend.ts'
import { imagesOf } from '../evaluation/after-evaluation.ts'
import { openExplainer } from '../evaluation/explanation/explain.ts'
import { heatmapBytes } from '../evaluation/explanation/heatmap.ts'
import type { SplitDataset } from './recorded-run.ts'
import { readTest, readWeights, type StoredRun } from './run.ts'

/** What to explain of a run; what is left out is its worst mistakes, the class that it says, and its last convolution. */
export interface RunQuestion {
  /** Numbers of test images. */
  readonly images?: readonly number[] | undefined
  /** The class whose score is explained. */
  readonly label?: number | undefined
  readonly layer?: string | undefined
}

/** What a network says of one test image. */
export interface ExplainedImage {
  readonly index: number
  readonly truth: number
  readonly predicted: number
  /** Of the predicted class. */
  readonly probability: number
  /** The class whose score the map explains. */
  readonly explained: number
}

/** Why a run's network says what it says of some test images. */
export interface RunExplanation {
  readonly method: 'grad-cam' | 'input-gradient'
  /** Where Grad-CAM was made. */
  readonly layer: string | undefined
  readonly answers: readonly ExplainedImage[]
  readonly images: LabeledImages
  /** Bytes of [images, height, width]: 255 where it matters most. */
  readonly heat: Uint8Array
}

/** As many of the worst mistakes as are explained unless images are named. */
const MISTAKES = 12

/** Explains test images of a run whose test split was opened; throws an InputError where it was not, or has no such image. */
export async function explainRun(
  run: StoredRun,
  { dataset }: SplitDataset,
  engine: Engine,
  { images: asked, ...question }: RunQuestion = {},
): Promise<RunExplanation> {
  const { directory, manifest } = run
  const test = await readTest(run)
  if (test === undefined) {
    const hint = `First: atelier evaluate ${shellQuoted(directory)}`
    throw new InputError({
      at: directory,
      expected: 'a run that was evaluated',
      received: 'one that was not',
      hint,
    })
  }
  const unknown = asked?.find((index) => index >= dataset.test.count)
  if (unknown !== undefined) {
    const expected = `test images 0 to ${dataset.test.count - 1}`
    throw new InputError({ at: '--image', expected, received: `${unknown}` })
  }
  const chosen = asked ?? test.worst.slice(0, MISTAKES).map(({ index }) => index)
  const images = imagesOf(dataset.test, chosen)
  const { height, width, channels } = images
  const { spec, tensors, preprocessing } = await readWeights(run)
  const { loss } = manifest.settings
  const imageShape = [height, width, channels]
  const explainer = openExplainer({ spec, tensors, preprocessing, loss, imageShape }, engine)
  try {
    const found = images.indices.map((index, i) => {
      const { pixels } = take(images, Int32Array.of(i))
      const said = explainer.explain(pixels, { layer: question.layer })
      const explained = question.label === undefined ? said : explainer.explain(pixels, question)
      const { label: predicted, probabilities } = said
      const answer = { index, truth: images.labels[i], predicted, probability: probabilities[predicted] }
      return {
        answer: { ...answer, explained: explained.label },
        map: explained.gradCam ?? explained.saliency,
      }
    })
    const layer = question.layer ?? explainer.gradCamLayer
    return {
      method: layer === undefined ? 'input-gradient' : 'grad-cam',
      layer,
      answers: found.map(({ answer }) => answer),
      images,
      heat: new Uint8Array(Buffer.concat(found.map(({ map }) => heatmapBytes(map)))),
    }
  } finally {
    explainer.close()
  }
}
