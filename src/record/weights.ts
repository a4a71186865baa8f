import { sha256Hex } from '../base/hash.ts'
import type { NamedTensor } from '../model/network.ts'
import type { Fitted } from './calibration.ts'
import type { Manifest } from './manifest.ts'
import { describeModel } from './model-file.ts'
import { encodeSafetensors } from './safetensors.ts'

/** SHA-256, hex, of the weights' float32 bytes (little-endian) in the model's order. */
export function hashWeights(tensors: readonly NamedTensor[]): string {
  return sha256Hex(
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  )
}

/** What a weights file is made from. */
export type WeightsOrigin = Pick<Manifest, 'name' | 'model' | 'data' | 'settings' | 'engine'> & {
  /** The checksum of the manifest of the run that they are of. */
  readonly run?: string | undefined
}

/** The bytes of a weights file, with what it says of itself: enough to predict from this one file. */
export function weightsFile(
  tensors: readonly NamedTensor[],
  origin: WeightsOrigin,
  fitted?: Fitted,
): Uint8Array {
  const { model, data, settings, engine, name, run } = origin
  const description = describeModel({
    name,
    spec: model,
    classNames: data.classNames,
    preprocessing: settings.preprocessing,
    imageShape: [data.height, data.width, data.channels],
    arithmetic: engine.arithmetic,
    form: data.form,
  })
  const { temperature, threshold } = fitted ?? {}
  return encodeSafetensors(tensors, {
    ...description,
    loss: settings.loss,
    source: data.source,
    ...(run !== undefined && { run }),
    ...(fitted && { temperature: `${temperature}`, threshold: `${threshold}` }),
  })
}
