import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { jsonValue } from '../base/json.ts'
import type { NamedTensor } from '../model/network.ts'
import { recipe } from '../recipe/recipe.ts'
import type { Recipe } from '../recipe/settings.ts'
import { checkOfRun } from './checksum.ts'
import { epochEvent } from './events.ts'
import { readNamed, writeWhole } from './files.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

/** The file in a run's directory from which a run that was cut goes on. */
export const CHECKPOINT_FILE = 'last.checkpoint'

const position = z.object({
  epoch: z.number().int().positive(),
  seconds: z.number(),
  best: z.object({ epoch: z.number().int().positive(), value: z.number(), event: epochEvent }),
  recipe: recipe.optional(),
})

/** What a checkpoint file holds: see training/checkpoint.ts. */
export interface CheckpointRecord {
  readonly epoch: number
  readonly seconds: number
  readonly weights: readonly NamedTensor[]
  readonly state: readonly Float32Array[]
  readonly best: z.infer<typeof position>['best'] & { readonly weights: readonly NamedTensor[] }
  readonly recipe?: Recipe | undefined
}

const prefixed = (prefix: string, tensors: readonly NamedTensor[]) =>
  tensors.map((tensor) => ({ ...tensor, name: `${prefix}/${tensor.name}` }))

const withPrefix = (prefix: string, tensors: readonly NamedTensor[]) =>
  tensors.flatMap((tensor) =>
    tensor.name.startsWith(`${prefix}/`) ? [{ ...tensor, name: tensor.name.slice(prefix.length + 1) }] : [],
  )

/** Where a checkpoint lies, and the checksum of its run's manifest; undefined in a run of version 1. */
interface OfRun {
  readonly directory: string
  readonly checksum: string | undefined
}

/** Writes the checkpoint of a run, as a safetensors file that any reader of that format opens. */
export async function writeCheckpoint(
  { directory, checksum }: OfRun,
  { weights, state, best, epoch, seconds, recipe }: CheckpointRecord,
) {
  const tensors = [
    ...prefixed('weights', weights),
    ...prefixed('best', best.weights),
    ...state.map((values, i) => ({ name: `state/${i}`, shape: [values.length], values })),
  ]
  const { weights: _, ...bestPosition } = best
  const metadata = {
    format: 'atelier-checkpoint',
    schemaVersion: '2',
    ...(checksum !== undefined && { run: checksum }),
    position: JSON.stringify({ epoch, seconds, best: bestPosition, recipe }),
  }
  // Not flushed to the disk: a killed process loses nothing, and after a power cut the run begins an epoch earlier or anew.
  await writeWhole(join(directory, CHECKPOINT_FILE), encodeSafetensors(tensors, metadata), { flush: false })
}

/** Reads the checkpoint of a run; throws an InputError where there is none, or it is damaged or another run's. */
export async function readCheckpoint({ directory, checksum }: OfRun): Promise<CheckpointRecord> {
  const path = join(directory, CHECKPOINT_FILE)
  const { tensors, metadata } = decodeSafetensors(await readNamed(path, 'a checkpoint to go on from'), path)
  const parsed = position.safeParse(safeJson(metadata.position))
  if (!parsed.success)
    throw new InputError({ at: path, expected: 'a checkpoint of Atelier', received: 'another file' })
  checkOfRun(metadata, checksum, path)
  const { epoch, seconds, best, recipe } = parsed.data
  return {
    epoch,
    seconds,
    recipe,
    weights: withPrefix('weights', tensors),
    state: withPrefix('state', tensors).map(({ values }) => values),
    best: { ...best, weights: withPrefix('best', tensors) },
  }
}

function safeJson(text: string | undefined): unknown {
  try {
    return jsonValue(text ?? '')
  } catch {
    return undefined
  }
}
