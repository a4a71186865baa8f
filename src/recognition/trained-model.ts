import { z } from 'zod'
import { keysOf } from '../base/keys.ts'
import { parse } from '../base/parse.ts'
import { type LossName, losses } from '../model/losses.ts'
import { assumedForm, type PictureForm } from '../pictures/form.ts'
import { storedFit } from '../record/calibration.ts'
import type { ModelFile } from '../record/model-file.ts'

/** A classifier as its file holds it, with what was fitted on validation. */
export interface TrainedModel extends ModelFile {
  readonly loss: LossName
  /** Divides the logits, so that probabilities are honest; 1 where none was fitted. */
  readonly temperature: number
  /** The probability below which it is not sure; 0 where none was fitted. */
  readonly threshold: number
  /** The data it was trained on, as `--data` names them; undefined where the file does not say. */
  readonly source: string | undefined
  /** What pictures are brought to; its `origin` is `assumed` where the file does not say. */
  readonly form: PictureForm
}

const fitted = storedFit.extend({
  loss: z.enum(keysOf(losses)).default('cross-entropy'),
  source: z.string().optional(),
})

/** Reads what was fitted from what a weights file says of itself; throws an InputError that names `at`. */
export function trainedModel(file: ModelFile, at: string): TrainedModel {
  const { source, ...rest } = parse(fitted, file.metadata, at)
  return { ...file, ...rest, source, form: file.form ?? assumedForm({ ...file, source }) }
}
