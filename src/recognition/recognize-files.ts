import { InputError, within } from '../base/errors.ts'
import type { Picture } from '../pictures/picture.ts'
import { decodePictureFile } from '../pictures/picture-file.ts'
import { type Prepared, prepare } from '../pictures/prepare.ts'
import type { Prediction } from './prediction.ts'
import type { Predictor } from './predictor.ts'

/** A picture that was recognized, and what the network saw of it. */
export interface RecognizedFile {
  readonly type: 'recognized'
  readonly file: string
  readonly prediction: Prediction
  readonly picture: Picture
  readonly prepared: Prepared
}

/** A file that cannot be recognized, and why. */
export interface RefusedFile {
  readonly type: 'refused'
  readonly file: string
  readonly problem: InputError
}

/** Recognizes the pictures of some files one after the other; one that is wrong is told of, and the next one follows. */
export async function* recognizeFiles(
  files: readonly string[],
  predictor: Predictor,
): AsyncGenerator<RecognizedFile | RefusedFile, void, undefined> {
  for (const file of files) yield await recognizeFile(file, predictor)
}

async function recognizeFile(file: string, predictor: Predictor): Promise<RecognizedFile | RefusedFile> {
  try {
    const picture = await decodePictureFile(file, predictor.form)
    const prepared = prepare(picture, predictor.form)
    return { type: 'recognized', file, prediction: predictor.predict(prepared.pixels), picture, prepared }
  } catch (error) {
    const problem = within(file, error)
    if (problem instanceof InputError) return { type: 'refused', file, problem }
    throw error
  }
}
