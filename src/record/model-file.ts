import { z } from 'zod'
import { InputError, ShapeError, within } from '../base/errors.ts'
import { jsonValue } from '../base/json.ts'
import { parse } from '../base/parse.ts'
import { shellQuoted } from '../base/shell.ts'
import type { Arithmetic } from '../engine/backend.ts'
import { checkImages } from '../model/compile.ts'
import { type Shape, spoken, volume } from '../model/layer.ts'
import type { NamedTensor, Preprocessing } from '../model/network.ts'
import { type ModelSpec, parseModel, resolve } from '../model/spec.ts'
import { type PictureForm, pictureForm } from '../pictures/form.ts'
import { preprocessing } from './manifest.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

/** A classifier as one weights file holds it: all that prediction needs. */
export interface ModelFile {
  readonly name: string
  readonly spec: ModelSpec
  /** In the model's order. */
  readonly tensors: readonly NamedTensor[]
  readonly classNames: readonly string[]
  readonly preprocessing: Preprocessing
  /** [height, width, channels] of the images that it was made for. */
  readonly imageShape: Shape
  readonly arithmetic: Arithmetic
  /** How its training pictures were prepared, and any other is; undefined where the file does not say. */
  readonly form?: PictureForm | undefined
  /** All that the file says of itself, as it says it; what is named above and more. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A text that holds JSON. */
const json = z.string().transform((text, context): unknown => {
  try {
    return jsonValue(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'JSON' })
    return z.NEVER
  }
})
const size = z.number().int().positive()
/** Values of an image: red, green and blue of 4096×4096 pixels. */
const MOST_VALUES = 3 * 4096 * 4096
const imageShape = z
  .tuple([size, size, size])
  .refine((shape) => volume(shape) <= MOST_VALUES, { error: `an image of at most ${MOST_VALUES} values` })
const description = z.object({
  name: z.string(),
  architecture: json,
  classNames: json.pipe(z.array(z.string()).min(2)),
  preprocessing: json.pipe(preprocessing),
  imageShape: json.pipe(imageShape),
  arithmetic: z.enum(['strict', 'fused']),
  form: json.pipe(pictureForm).optional(),
})

/** What a weights file says of itself: enough to predict from this one file. */
export function describeModel(model: Omit<ModelFile, 'tensors' | 'metadata'>): Record<string, string> {
  return {
    format: 'atelier',
    schemaVersion: '2',
    name: model.name,
    architecture: JSON.stringify(model.spec),
    classNames: JSON.stringify(model.classNames),
    preprocessing: JSON.stringify(model.preprocessing),
    imageShape: JSON.stringify(model.imageShape),
    arithmetic: model.arithmetic,
    ...(model.form && { form: JSON.stringify(model.form) }),
  }
}

/** The tensors of a network in its order; throws a ShapeError where one is missing or has another shape. */
export function weightsInOrder(spec: ModelSpec, tensors: readonly NamedTensor[]): NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  return resolve(spec).nodes.flatMap((node) =>
    node.parameters.map(({ name, shape }) => {
      const tensor = byName.get(`${node.name}/${name}`)
      if (tensor !== undefined && tensor.shape.join() === shape.join()) return tensor
      throw new ShapeError({
        at: `weights: ${node.name}/${name}`,
        expected: spoken(shape),
        received: tensor === undefined ? 'none' : spoken(tensor.shape),
        hint: 'The weights belong to another network.',
      })
    }),
  )
}

/** Refuses weights that are not numbers: a network that has one says nothing of anything. */
function checkFinite(tensors: readonly NamedTensor[]): void {
  for (const { name, values } of tensors) {
    const i = values.findIndex((value) => !Number.isFinite(value))
    if (i < 0) continue
    throw new InputError({
      at: `weights: ${name}`,
      expected: 'finite weights',
      received: `${values[i]} at position ${i}`,
    })
  }
}

/** The bytes of a weights file. */
export function encodeModelFile(model: ModelFile): Uint8Array {
  return encodeSafetensors(model.tensors, { ...model.metadata, ...describeModel(model) })
}

/** Reads the bytes of a weights file; throws an InputError that names `at` where prediction needs more than it says. */
export function decodeModelFile(bytes: Uint8Array, at: string): ModelFile {
  const { tensors, metadata } = decodeSafetensors(bytes, at)
  if (metadata.architecture === undefined) {
    throw new InputError({
      at,
      expected: 'weights that Atelier wrote',
      received: 'a file that names no architecture',
      hint: `Weights of another library come in by: atelier import ${shellQuoted(at)} --model MODEL --layout torch|keras`,
    })
  }
  const hint = 'The file was changed, or written by another version.'
  const { name, architecture, ...rest } = parse(description, metadata, at, hint)
  try {
    const spec = parseModel(architecture, 'architecture')
    checkImages(spec, rest.imageShape, rest.classNames.length)
    checkForm(rest.form, rest.imageShape)
    const weights = weightsInOrder(spec, tensors)
    checkFinite(weights)
    return { name, spec, tensors: weights, ...rest, metadata }
  } catch (error) {
    throw within(at, error)
  }
}

function checkForm(form: PictureForm | undefined, shape: Shape): void {
  const said = form && spoken([form.height, form.width, form.channels])
  if (said === undefined || said === spoken(shape)) return
  throw new ShapeError({ at: 'form', expected: spoken(shape), received: said })
}
