import { basename } from 'node:path'
import { checkImages } from '../../model/compile.ts'
import type { ParameterSpec, Shape } from '../../model/layer.ts'
import { type NamedTensor, type Preprocessing, unitInterval } from '../../model/network.ts'
import { type ModelSpec, type ResolvedNode, resolve } from '../../model/spec.ts'
import type { ModelFile } from '../../record/model-file.ts'
import { openSafetensors, type StoredTensor } from '../../record/safetensors.ts'
import { transpose } from '../transpose.ts'
import { flattenedFrom } from './flattened.ts'
import { toFloats } from './floats.ts'
import { type Layout, type LayoutName, layouts, type Part } from './layouts.ts'
import { type ExpectedLayer, type Group, matchByNames, matchLayers } from './match.ts'

/** What weights from elsewhere are to become; a weights file of ours says all of it by itself. */
export interface ImportRequest {
  readonly layout: LayoutName
  readonly spec: ModelSpec
  readonly classNames: readonly string[]
  /** [height, width, channels] of the images that the network takes. */
  readonly imageShape: Shape
  /** How pixel bytes become numbers; unless told otherwise they are divided by 255. */
  readonly preprocessing?: Preprocessing
  /** The file's names of the layers with weights, in the network's order; where left out they are found. */
  readonly names?: readonly string[]
  /** The data that it was made for, as `--data` names them. */
  readonly source?: string
}

/** A classifier whose weights come from elsewhere, and which of its layers came from which of the file's. */
export interface Imported {
  readonly model: ModelFile
  readonly matches: readonly { readonly layer: string; readonly from: string }[]
}

/**
 * A classifier from the bytes of a safetensors file that PyTorch's or Keras' users write, for a network that is
 * given. Throws an InputError that names `at` where the weights are not those of the network.
 */
export function importModel(file: Uint8Array, at: string, request: ImportRequest): Imported {
  const { spec, imageShape, classNames, names } = request
  checkImages(spec, imageShape, classNames.length)
  const layout: Layout = layouts[request.layout]
  const resolved = resolve(spec)
  const origins = layout.isChannelsFirst ? flattenedFrom(resolved, imageShape) : new Map<string, Shape>()
  const nodes = resolved.nodes.filter(({ parameters }) => parameters.length > 0)
  const stored = openSafetensors(file, at)
  const { groups, tensors } = grouped(stored.tensors, layout)
  const layers = nodes.map((node) => expected(node, layout))
  const matched =
    names === undefined ? matchLayers(layers, groups, at) : matchByNames(layers, groups, names, at)
  const weights = nodes.flatMap((node, i) =>
    node.parameters.map((parameter) => {
      const part = layout.parts[node.kind.kind][parameter.name]
      const tensor = tensors.get(matched[i].name)!.get(part.name)
      const values =
        tensor === undefined
          ? new Float32Array(parameter.shape.reduce((a, b) => a * b)).fill(part.usual!)
          : ours(toFloats(tensor, at), part, origins.get(node.inputs[0]))
      return { name: `${node.name}/${parameter.name}`, shape: parameter.shape, values }
    }),
  )
  return {
    model: modelFile(request, weights, at),
    matches: nodes.map(({ name }, i) => ({ layer: name, from: matched[i].name })),
  }
}

function modelFile(request: ImportRequest, tensors: readonly NamedTensor[], at: string): ModelFile {
  const { spec, classNames, imageShape, preprocessing = unitInterval, source, layout } = request
  const origin = { importedFrom: basename(at), layout }
  return {
    name: spec.name,
    spec,
    tensors,
    classNames,
    preprocessing,
    imageShape,
    arithmetic: 'strict', // which every backend has
    metadata: source === undefined ? origin : { ...origin, source },
  }
}

type Tensors = ReadonlyMap<string, ReadonlyMap<string, StoredTensor>>

/** The tensors by layer and part. Keras 2 ends its names in `:0`. */
function grouped(
  stored: readonly StoredTensor[],
  { ignored }: Layout,
): { groups: Group[]; tensors: Tensors } {
  const tensors = new Map<string, Map<string, StoredTensor>>()
  for (const tensor of stored) {
    const name = tensor.name.replace(/:0$/, '')
    const cut = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'))
    const [layer, part] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)]
    if (ignored.includes(part)) continue
    if (!tensors.has(layer)) tensors.set(layer, new Map())
    tensors.get(layer)!.set(part, tensor)
  }
  const groups = [...tensors].map(([name, parts]) => ({
    name,
    shapes: new Map([...parts].map(([part, { shape }]) => [part, shape])),
  }))
  return { groups, tensors }
}

/** What the other library keeps for a layer of ours. */
function expected({ name, kind, parameters }: ResolvedNode, layout: Layout): ExpectedLayer {
  const parts = parameters.map((parameter) => {
    const part = layout.parts[kind.kind][parameter.name]
    return { name: part.name, shape: theirShape(parameter, part), isOptional: part.usual !== undefined }
  })
  return { name, parts }
}

function theirShape({ shape }: ParameterSpec, { axes }: Part): Shape {
  if (axes === undefined) return shape
  const theirs = [...shape]
  axes.forEach((axis, i) => {
    theirs[axis] = shape[i]
  })
  return theirs
}

/** A parameter's values in our order; those that count the layer's inputs move with them, where they come from an image. */
function ours(
  { shape, values }: NamedTensor,
  { axes, countsInputs }: Part,
  image: Shape | undefined,
): Float32Array {
  const turned = axes === undefined ? values : transpose(values, shape, axes).values
  if (image === undefined || countsInputs === undefined) return turned
  const [height, width, channels] = image
  const rest = turned.length / (height * width * channels)
  return transpose(turned, [channels, height, width, rest], [1, 2, 0, 3]).values
}
