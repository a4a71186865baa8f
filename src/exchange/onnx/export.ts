import { withoutSoftmax } from '../../model/compile.ts'
import type { Shape } from '../../model/layer.ts'
import { losses } from '../../model/losses.ts'
import { type ResolvedNode, resolve } from '../../model/spec.ts'
import { trainedModel } from '../../recognition/trained-model.ts'
import { packageVersion } from '../../record/environment.ts'
import { describeModel, type ModelFile } from '../../record/model-file.ts'
import { hashWeights } from '../../record/weights.ts'
import { channelsFirst, type GraphWriter, newGraph } from './graph.ts'
import { activate, layerWriters } from './layers.ts'
import { DATA, encodeModelProto, type ModelProto, type ValueInfoProto } from './schema.ts'

/** The names of the graph's ends. */
export const ONNX_ENDS = { input: 'image', output: 'probabilities' } as const

/** Operators as of operator set 13 and IR version 7 (ONNX 1.8, end of 2020): every runtime of today knows them. */
const VERSION = { ir: 7, operators: 13 } as const

/**
 * A classifier as an ONNX file. Input `image`: float32 [batch, height, width, channels], each value byte·scale + shift as
 * the metadata's `preprocessing` says; output `probabilities`: float32 [batch, classes]. The batch is open.
 */
export function encodeOnnx(model: ModelFile): Uint8Array {
  const graph = newGraph()
  writeGraph(graph, model)
  const proto: ModelProto = {
    irVersion: VERSION.ir,
    opsetImport: [{ domain: '', version: VERSION.operators }],
    producerName: 'atelier',
    producerVersion: packageVersion(),
    docString: describe(model),
    graph: {
      name: model.name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: [batched(ONNX_ENDS.input, model.imageShape)],
      output: [batched(ONNX_ENDS.output, [model.classNames.length])],
    },
    metadataProps: Object.entries(metadataOf(model)).map(([key, value]) => ({ key, value })),
  }
  return encodeModelProto(proto)
}

function metadataOf(model: ModelFile): Record<string, string> {
  const own = { weightsHash: hashWeights(model.tensors), atelierVersion: packageVersion() }
  return { ...model.metadata, ...describeModel(model), ...own }
}

function describe(model: ModelFile): string {
  const { imageShape, classNames, temperature, threshold } = trainedModel(model, model.name)
  const { scale, shift } = model.preprocessing
  const sentences = [
    `${ONNX_ENDS.input}: float32 [batch, ${imageShape.join(', ')}], the last axis the channels; each value is pixel byte × ${scale} + ${shift}.`,
    `${ONNX_ENDS.output}: float32 [batch, ${classNames.length}], in the order of classNames.`,
    temperature === 1 ? '' : `They are calibrated: the temperature, ${temperature}, is in the graph.`,
    threshold === 0 ? '' : `Below ${threshold} the classifier is not sure.`,
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

const batched = (name: string, shape: Shape): ValueInfoProto => {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))]
  return { name, type: { tensorType: { elemType: DATA.float32, shape: { dim } } } }
}

/** The network up to its logits, then what its loss makes of them; softmax, which the output layer need not name, is last. */
function writeGraph(graph: GraphWriter, model: ModelFile): void {
  const { spec, tensors, imageShape } = model
  const { nodes, output } = resolve(withoutSoftmax(spec))
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const byTensor = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const values = new Map<string, string>()
  for (const node of nodes) {
    const kind = node.kind.kind as keyof typeof layerWriters | 'input'
    if (kind === 'input') {
      values.set(node.name, writeInput(graph, node, imageShape))
      continue
    }
    const weights = Object.fromEntries(
      node.parameters.map(({ name }) => [name, byTensor.get(`${node.name}/${name}`)!]),
    )
    const written = layerWriters[kind]({
      graph,
      weights,
      name: node.name,
      options: node.options,
      inputs: node.inputs.map((name) => values.get(name)!),
      shapes: node.inputs.map((name) => byName.get(name)!.shape),
    })
    values.set(node.name, written)
  }
  const { loss, temperature } = trainedModel(model, model.name)
  const logits = values.get(output.name)!
  const last = activate({ graph, name: output.name }, losses[loss].activation, logits)
  graph.node('Softmax', [cool(graph, last, temperature)], ONNX_ENDS.output, { axis: 1 })
}

/** Divides by the temperature (Guo et al. 2017), where one was fitted. */
function cool(graph: GraphWriter, logits: string, temperature: number): string {
  if (temperature === 1) return logits
  const divisor = graph.constant('temperature', [1], Float32Array.of(temperature))
  return graph.node('Div', [logits, divisor], 'logits')
}

/** From images, channels last, to what the network takes: rows, or images with their channels first. */
function writeInput(graph: GraphWriter, { name, shape }: ResolvedNode, imageShape: Shape): string {
  const fits = shape.join() === imageShape.join()
  const image = fits
    ? ONNX_ENDS.input
    : graph.node(
        'Reshape',
        [ONNX_ENDS.input, graph.sizes(`${name}/shape`, [-1, ...shape])],
        `${name}/reshaped`,
      )
  const perm = channelsFirst(shape)
  if (perm === undefined) return image
  return graph.node('Transpose', [image], `${name}/channels-first`, { perm })
}
