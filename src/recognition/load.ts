import { fileURLToPath } from 'node:url'
import type { Engine, EngineChoice } from '../engine/backend.ts'
import { chooseBackend } from '../engine/choose.ts'
import type { ModelFile } from '../record/model-file.ts'
import { readModelFile } from '../runs/run.ts'
import { type Classifier, openClassifier } from './classifier.ts'

/** The network that comes with the package: Fashion-MNIST, ten classes of clothes. `models/fashion-mnist.md` is its card. */
export const packagedModel = fileURLToPath(new URL('../../models/fashion-mnist.safetensors', import.meta.url))

/** The machine's own engine; strict for a network that was trained so, whose figures it then repeats to the bit. */
export function engineFor({ arithmetic }: Pick<ModelFile, 'arithmetic'>, wishes: EngineChoice = {}): Engine {
  return chooseBackend(arithmetic === 'strict' ? { arithmetic, ...wishes } : wishes)
}

/**
 * Opens a classifier: the one that comes with the package, or that of a weights file or a run's directory. Throws an
 * InputError where there is none that can be read.
 */
export async function loadClassifier(
  path: string = packagedModel,
  choice: EngineChoice = {},
): Promise<Classifier> {
  const file = await readModelFile(path)
  return openClassifier(file, engineFor(file, choice), path)
}
