import { InputError } from '../base/errors.ts'
import {
  conv2d,
  dense,
  dropout,
  flatten,
  type GraphNode,
  input,
  maxPool2d,
  model,
} from '../model/functional.ts'
import { parseInitializer } from '../model/initializer-text.ts'
import type { Shape } from '../model/layer.ts'
import { namedNetworks, network } from '../model/named.ts'
import { type HiddenActivation, networkDefaults } from '../model/network-options.ts'
import type { ModelSpec } from '../model/spec.ts'
import { networkOptions } from '../recipe/network-options.ts'
import { inRange, type Parameter, parametersOf, recipeOf } from '../recipe/parameters.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import type { Point } from '../tuning/constraints.ts'
import { cardinality, type Domain, type Scalar, valueAt } from '../tuning/domain.ts'
import type { Space } from '../tuning/space.ts'

/** What a network is built for. */
export interface ImageSizes {
  /** Of one image: [height, width, channels]. */
  readonly imageShape: Shape
  readonly classes: number
}

/** What a point of a space amounts to; whatever is left out has the training's defaults. */
export interface TrialSetup extends RecipeInput {
  readonly model: ModelSpec
}

/** Turns a point into a network and its settings. */
export type Build = (point: Point, sizes: ImageSizes) => TrialSetup

/** What a parameter of a ready network may be: said in words, and checked. */
type Meaning = Parameter

const whole = (least: number, most = Infinity) =>
  inRange({ whole: true, least, ...(Number.isFinite(most) && { most }) })
const words = (...all: readonly string[]): Meaning => ({
  spoken: all.join(', '),
  fits: (value) => all.includes(value as string),
})
const common: Readonly<Record<string, Meaning>> = {
  ...parametersOf(),
  ...parametersOf(networkOptions),
}

const depth = whole(1, 4)

const places = ['first', 'second', 'third', 'fourth'] as const
const numbered = <const N extends string>(name: N, meaning: Meaning) =>
  Object.fromEntries([1, 2, 3, 4].map((i) => [`${name}${i}`, meaning]))

/** The value of a point at a name, or a default. */
function pick<T extends Scalar>(point: Point, name: string, otherwise: T): T {
  return (point[name] ?? otherwise) as T
}

/** What all layers of a network share. */
const layersOf = (point: Point) => ({
  activation: pick<HiddenActivation>(point, 'activation', networkDefaults.activation),
  initializer: parseInitializer(pick<string>(point, 'initializer', networkDefaults.initializer)),
})

const withDropout = (x: GraphNode, point: Point, i: number) => {
  const rate = pick<number>(point, 'dropout', networkDefaults.dropout)
  return rate > 0 ? dropout({ rate, name: `dropout_layer_${i + 1}` })(x) : x
}

/** The layers that a point names: up to `depth`, where it says so, and up to the first that it leaves out. */
function sizesOf(point: Point, names: readonly string[]): number[] {
  const depth = pick(point, 'depth', names.length)
  const missing = names.findIndex((name) => point[name] === undefined)
  return names
    .slice(0, Math.min(depth, missing < 0 ? names.length : missing))
    .map((name) => Number(point[name]))
}

function finish(name: string, inputs: GraphNode, x: GraphNode, point: Point, classes: number): TrialSetup {
  const output = dense({ units: classes, ...layersOf(point), activation: 'softmax', name: 'output_layer' })
  return {
    model: model({ inputs, outputs: output(x), name }),
    ...recipeOf(point),
  }
}

/** Dense layers of the widths first, second, third, fourth; dropout after each. */
const buildMlp: Build = (point, { imageShape, classes }) => {
  const inputs = input([imageShape.reduce((a, b) => a * b, 1)], 'input_layer')
  let x = inputs
  const widths = sizesOf(point, places)
  widths.forEach((units, i) => {
    x = withDropout(dense({ units, ...layersOf(point), name: `hidden_layer_${i + 1}` })(x), point, i)
  })
  return finish(`mlp-${widths.join('-')}`, inputs, x, point, classes)
}

/** Blocks of a convolution and 2×2 max-pooling; dropout after each block. */
const buildCnn: Build = (point, { imageShape, classes }) => {
  const inputs = input([...imageShape], 'input_layer')
  let x = inputs
  const filters = sizesOf(point, ['filters1', 'filters2', 'filters3', 'filters4'])
  filters.forEach((count, i) => {
    const kernel = pick(point, `kernel${i + 1}`, 3)
    const strides = pick(point, `stride${i + 1}`, 1)
    x = conv2d({ filters: count, kernel, strides, ...layersOf(point), name: `conv_2d_layer_${i + 1}` })(x)
    x = maxPool2d({ pool: 2, strides: pick(point, 'poolStride', 2), name: `max_pool_2d_layer_${i + 1}` })(x)
    x = withDropout(x, point, i)
  })
  return finish(`cnn-${filters.join('-')}`, inputs, flatten({ name: 'flatten_layer' })(x), point, classes)
}

/** A network of those that have names, trained as the point says. */
const buildNamed: Build = (point, { imageShape, classes }) => {
  const sizes = { imageShape, classes, dropout: pick<number>(point, 'dropout', networkDefaults.dropout) }
  return {
    model: network(pick(point, 'network', 'mlp-small'), { ...layersOf(point), ...sizes }),
    ...recipeOf(point),
  }
}

interface ReadyNetwork {
  readonly build: Build
  readonly parameters: Readonly<Record<string, Meaning>>
  /** Parameters without which there is nothing to build. */
  readonly needs: readonly string[]
}

/** The networks that spaces without a function of their own can speak of. */
export const readyNetworks = {
  mlp: {
    build: buildMlp,
    needs: ['first'],
    parameters: { ...common, depth, ...Object.fromEntries(places.map((place) => [place, whole(1, 65_536)])) },
  },
  cnn: {
    build: buildCnn,
    needs: ['filters1'],
    parameters: {
      ...common,
      depth,
      ...numbered('filters', whole(1, 65_536)),
      ...numbered('kernel', whole(1, 64)),
      ...numbered('stride', whole(1, 64)),
      poolStride: whole(1, 64),
    },
  },
  named: {
    build: buildNamed,
    needs: ['network'],
    parameters: { ...common, network: words(...Object.keys(namedNetworks)) },
  },
} as const satisfies Record<string, ReadyNetwork>
export type ReadyNetworkName = keyof typeof readyNetworks
export const isReadyNetwork = (name: string): name is ReadyNetworkName => Object.hasOwn(readyNetworks, name)

/** The network that a space speaks of, by the names of its parameters. */
export function readyNetworkOf({ name, parameters }: Space): ReadyNetworkName {
  const known = (network: ReadyNetworkName) =>
    Object.keys(parameters).filter((parameter) => parameter in readyNetworks[network].parameters).length
  if ('network' in parameters) return 'named'
  if (known('cnn') > known('mlp')) return 'cnn'
  if (known('mlp') > 0) return 'mlp'
  throw new InputError({
    at: `space ${name}`,
    expected: 'parameters of mlp, cnn or named',
    received: Object.keys(parameters).join(', '),
    hint: 'A .ts space may bring its own function that builds networks: defineSearch({ space, build }).',
  })
}

/** Throws where a space has parameters that a ready network does not know, or values that they cannot have. */
export function checkParameters(space: Space, network: ReadyNetworkName): void {
  const { parameters: known, needs }: ReadyNetwork = readyNetworks[network]
  for (const [name, domain] of Object.entries(space.parameters)) {
    const at = `space ${space.name}: ${name}`
    if (!Object.hasOwn(known, name)) {
      throw new InputError({
        at: `space ${space.name}`,
        expected: `parameters of ${network}: ${Object.keys(known).join(', ')}`,
        received: `"${name}"`,
        hint: 'A .ts space may bring its own function that builds networks: defineSearch({ space, build }).',
      })
    }
    const wrong = samplesOf(domain).find((value) => !known[name].fits(value))
    if (wrong !== undefined)
      throw new InputError({ at, expected: known[name].spoken, received: JSON.stringify(wrong) })
  }
  const missing = needs.find((name) => !Object.hasOwn(space.parameters, name))
  if (missing !== undefined) {
    throw new InputError({
      at: `space ${space.name}`,
      expected: `the parameter ${missing} of ${network}`,
      received: 'none',
    })
  }
}

/** Every value of a list; the ends (and one between) of numbers. */
function samplesOf(domain: Domain): Scalar[] {
  if (domain.kind === 'oneOf') return [...domain.values]
  const count = cardinality(domain)
  if (Number.isFinite(count)) return [0, Math.floor(count / 2), count - 1].map((i) => valueAt(domain, i))
  return [domain.low, (domain.low + domain.high) / 2, domain.high]
}
