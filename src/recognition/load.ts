import { fileURLToPath } from 'node:url'
import type { EngineChoice } from '../engine/backend.ts'
import { chooseBackend } from '../engine/choose.ts'
import type { Engine } from '../model/network.ts'
import { readModelFile } from '../runs/run.ts'
import { openPredictor, type Predictor } from './predictor.ts'
import { type TrainedModel, trainedModel } from './trained-model.ts'

/** The network that comes with the package: Fashion-MNIST, ten classes of clothes. `models/fashion-mnist.md` is its card. */
export const packagedModel = fileURLToPath(new URL('../../models/fashion-mnist.safetensors', import.meta.url))

/** The machine's own engine; strict for a network that was trained so, whose figures it then repeats to the bit. */
export function engineFor({ arithmetic }: TrainedModel, wishes: EngineChoice = {}): Engine {
  return chooseBackend(arithmetic === 'strict' ? { arithmetic, ...wishes } : wishes)
}

/** Opens a trained network from its weights file or its run's directory, or the one that comes with the package. */
export async function load(path: string = packagedModel, wishes: EngineChoice = {}): Promise<Predictor> {
  const model = trainedModel(await readModelFile(path), path)
  return openPredictor(model, engineFor(model, wishes))
}
