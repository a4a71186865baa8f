import { InputError } from '../../../src/base/errors.ts'
import * as layers from '../../../src/model/functional.ts'
import { type LayerKind, type Shape, volume } from '../../../src/model/layer.ts'
import { layerKinds } from '../../../src/model/layers/index.ts'
import type { ModelSpec } from '../../../src/model/spec.ts'
import { OWN } from './fields.ts'

/** An option of a layer as the page asks for it. */
export interface LayerOption {
  readonly name: string
  readonly label: string
  /** What a new layer begins with; empty is the layer's own default. */
  readonly first: string
  readonly placeholder?: string
  readonly choices?: readonly string[]
  /** The choice that holds where none was made. */
  readonly usual?: string
}

const size = (name: string, label: string, first: string, placeholder = '') => ({
  name,
  label,
  first,
  placeholder,
})
const activation: LayerOption = {
  ...{ name: 'activation', label: 'Activation', first: 'relu', usual: 'linear' },
  choices: ['linear', 'relu', 'sigmoid', 'tanh'],
}
const padding: LayerOption = {
  ...{ name: 'padding', label: 'Padding', first: '', usual: 'same' },
  choices: ['same', 'valid'],
}
const pooling = [size('pool', 'Window', '2'), size('strides', 'Stride', '', 'as the window'), padding]

/** The layers that one can stack, in the order in which they are offered. */
export const stackable = {
  conv2d: {
    title: 'Convolution',
    build: layers.conv2d,
    options: [
      size('filters', 'Filters', '16'),
      size('kernel', 'Window', '3'),
      size('strides', 'Stride', '', '1'),
      padding,
      activation,
    ],
  },
  maxPool2d: { title: 'Max pooling', build: layers.maxPool2d, options: pooling },
  averagePool2d: { title: 'Average pooling', build: layers.averagePool2d, options: pooling },
  globalAveragePool2d: { title: 'Mean of each channel', build: layers.globalAveragePool2d, options: [] },
  batchNorm: {
    title: 'Batch normalization',
    build: layers.batchNorm,
    options: [size('momentum', 'Momentum', '', '0.9')],
  },
  dropout: { title: 'Dropout', build: layers.dropout, options: [size('rate', 'Share', '0.2')] },
  flatten: { title: 'Flatten', build: layers.flatten, options: [] },
  dense: { title: 'Dense', build: layers.dense, options: [size('units', 'Units', '64'), activation] },
  activation: { title: 'Activation', build: layers.activation, options: [activation] },
} as const satisfies Record<string, { title: string; build: unknown; options: readonly LayerOption[] }>
export type StackableName = keyof typeof stackable

/** A layer as it is being written. */
export interface DraftLayer {
  readonly kind: StackableName
  readonly options: Readonly<Record<string, string>>
}

/** A layer as it begins. */
export function newLayer(kind: StackableName): DraftLayer {
  const options = stackable[kind].options.filter(({ first }) => first !== '')
  return { kind, options: Object.fromEntries(options.map(({ name, first }) => [name, first])) }
}

const isStackable = (kind: string): kind is StackableName => Object.hasOwn(stackable, kind)

/** Reads `conv2d(filters=16,kernel=3);flatten`, as the address has it; what it does not know it leaves out. */
export function parseDraft(text: string): DraftLayer[] {
  return text.split(';').flatMap((part) => {
    const [, kind = '', inner = ''] = /^(\w+)(?:\((.*)\))?$/.exec(part) ?? []
    if (!isStackable(kind)) return []
    const pairs = inner.split(',').map((pair) => pair.split('='))
    const known = stackable[kind].options.map(({ name }) => name as string)
    return [{ kind, options: Object.fromEntries(pairs.filter(([name]) => known.includes(name))) }]
  })
}

/** Writes a draft for the address. */
export function formatDraft(draft: readonly DraftLayer[]): string {
  return draft
    .map(({ kind, options }) => {
      const pairs = Object.entries(options).filter(([, value]) => value.trim() !== '')
      return pairs.length === 0 ? kind : `${kind}(${pairs.map((pair) => pair.join('=')).join(',')})`
    })
    .join(';')
}

/** What a new network begins with. */
export const firstDraft =
  'conv2d(filters=16,kernel=3,activation=relu);maxPool2d(pool=2);flatten;dense(units=64,activation=relu)'

/** What a layer comes to in its place. */
export interface DraftRow {
  readonly shape: Shape | undefined
  readonly parameters: number
  readonly error: InputError | undefined
}

export interface BuiltDraft {
  /** One a layer, then the output's. */
  readonly rows: readonly DraftRow[]
  /** Undefined where a layer is wrong. */
  readonly spec: ModelSpec | undefined
}

/** `3` is a number, `3x5` a pair; whatever else is handed on, for the layer to say what it expects. */
function readValue(text: string): unknown {
  const pair = /^\s*(\d+)\s*[x×]\s*(\d+)\s*$/.exec(text)
  if (pair !== null) return [Number(pair[1]), Number(pair[2])]
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : text
}

function optionsOf({ options }: DraftLayer): Record<string, unknown> {
  const written = Object.entries(options).filter(([, text]) => text.trim() !== '')
  return Object.fromEntries(written.map(([name, text]) => [name, readValue(text)]))
}

function parametersOf(node: layers.GraphNode): number {
  const kind = layerKinds[node.kind] as LayerKind<unknown>
  const shapes = node.inputs.map(({ shape }) => shape)
  return kind.parameters(node.options, shapes).reduce((sum, { shape }) => sum + volume(shape), 0)
}

/** Stacks the layers between the image and a softmax over the classes; the first that does not fit says why. */
export function buildDraft(draft: readonly DraftLayer[], image: Shape, classes: number): BuiltDraft {
  const inputs = layers.input(image)
  const softmax = layers.dense({ units: classes, activation: 'softmax', name: 'output' })
  const stack = draft.map((layer) => stackable[layer.kind].build(optionsOf(layer) as never))
  const rows: DraftRow[] = []
  let x: layers.GraphNode | undefined = inputs
  for (const layer of [...stack, softmax]) {
    if (x === undefined) {
      rows.push({ shape: undefined, parameters: 0, error: undefined })
      continue
    }
    try {
      x = layer(x)
      rows.push({ shape: x.shape, parameters: parametersOf(x), error: undefined })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      rows.push({ shape: undefined, parameters: 0, error })
      x = undefined
    }
  }
  return { rows, spec: x && layers.model({ inputs, outputs: x, name: OWN }) }
}
