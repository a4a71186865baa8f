import { InputError } from '../../base/errors.ts'
import { type Shape, spoken } from '../../model/layer.ts'

/** A tensor's name within its layer and its shape, and whether the layer may lack it. */
export interface ExpectedPart {
  readonly name: string
  readonly shape: Shape
  readonly isOptional: boolean
}

/** A layer of ours and what the other library keeps for it. */
export interface ExpectedLayer {
  readonly name: string
  readonly parts: readonly ExpectedPart[]
}

/** The tensors of a file that belong to one layer: those whose names are alike up to the last point or slash. */
export interface Group {
  readonly name: string
  readonly shapes: ReadonlyMap<string, Shape>
}

const describe = (parts: Iterable<readonly [string, Shape]>) =>
  [...parts].map(([name, shape]) => `${name} ${spoken(shape)}`).join(', ')
const describeLayer = ({ parts }: ExpectedLayer) => describe(parts.map(({ name, shape }) => [name, shape]))
const describeGroup = ({ name, shapes }: Group) => `${name} (${describe(shapes)})`

/** Whether a group has all that the layer needs, in its shapes, and nothing else. */
function fits({ shapes }: Group, { parts }: ExpectedLayer): boolean {
  const known = parts.filter(({ name }) => shapes.has(name))
  return (
    known.length === shapes.size &&
    parts.every(
      ({ name, shape, isOptional }) =>
        shapes.get(name)?.join() === (shapes.has(name) || !isOptional ? shape.join() : undefined),
    )
  )
}

/** Names that differ in their numbers alone tell an order: `conv1`, `conv2`; `dense`, `dense_1`; `features.0`. */
const withoutNumbers = (name: string) => name.replace(/[_-]?\d+/g, '')
const { compare: byNumber } = new Intl.Collator('en', { numeric: true })

/**
 * Which group of tensors belongs to which layer of ours. Layers that nothing is like are found by their shapes; those that
 * are alike by their names, where they are ours, or else in the order of the numbers in them. Throws an InputError
 * that names `at` where something is missing, left over, or could be one or the other.
 */
export function matchLayers(layers: readonly ExpectedLayer[], groups: readonly Group[], at: string): Group[] {
  const alike = new Map<string, ExpectedLayer[]>()
  for (const layer of layers) {
    const kin = alike.get(describeLayer(layer))
    if (kin === undefined) alike.set(describeLayer(layer), [layer])
    else kin.push(layer)
  }
  const found = new Map<ExpectedLayer, Group>()
  const free = new Set(groups)
  for (const kin of alike.values()) {
    const candidates = groups.filter((group) => free.has(group) && fits(group, kin[0]))
    if (candidates.length < kin.length) refuseMissing(kin, candidates, free, at)
    if (candidates.length > kin.length) refuseLeft(candidates, kin, at)
    ordered(kin, candidates, at).forEach((group, i) => {
      found.set(kin[i], group)
      free.delete(group)
    })
  }
  if (free.size > 0) refuseLeft([...free], [], at)
  return layers.map((layer) => found.get(layer)!)
}

/** Layers that are alike, in our order. */
function ordered(kin: readonly ExpectedLayer[], candidates: readonly Group[], at: string): readonly Group[] {
  if (kin.length === 1) return candidates
  const byName = kin.map(({ name }) => candidates.find((group) => group.name.split(/[./]/).at(-1) === name))
  if (byName.every((group): group is Group => group !== undefined) && new Set(byName).size === kin.length) {
    return byName
  }
  const names = candidates.map(({ name }) => name)
  if (new Set(names.map(withoutNumbers)).size > 1) {
    throw new InputError({
      at,
      expected: `names that tell which is which of ${kin.map(({ name }) => name).join(', ')}`,
      received: names.join(', '),
      hint: 'All have the same shapes. Say the order with --names.',
    })
  }
  return [...candidates].sort((a, b) => byNumber(a.name, b.name))
}

function refuseMissing(
  kin: readonly ExpectedLayer[],
  candidates: readonly Group[],
  free: ReadonlySet<Group>,
  at: string,
): never {
  const left = [...free].filter((group) => !candidates.includes(group)).map(describeGroup)
  const count = kin.length === 1 ? '' : `${kin.length} times `
  throw new InputError({
    at,
    expected: `${count}${describeLayer(kin[0])} for ${kin.map(({ name }) => name).join(', ')}`,
    received: `${candidates.length === 0 ? 'none' : candidates.map(({ name }) => name).join(', ')}; others in the file: ${left.join('; ') || 'none'}`,
    hint: 'Check --model and --layout.',
  })
}

function refuseLeft(groups: readonly Group[], kin: readonly ExpectedLayer[], at: string): never {
  const wanted =
    kin.length === 0
      ? 'weights of this network alone'
      : `${describeLayer(kin[0])} only for ${kin.map(({ name }) => name).join(', ')}`
  throw new InputError({
    at,
    expected: wanted,
    received: `${kin.length === 0 ? 'besides ' : ''}${groups.map(kin.length === 0 ? describeGroup : ({ name }) => name).join(', ')}`,
    hint: 'Check --model and --layout.',
  })
}

/** The groups in the order of the names that the user gave, one for each layer; each must fit. */
export function matchByNames(
  layers: readonly ExpectedLayer[],
  groups: readonly Group[],
  names: readonly string[],
  at: string,
): Group[] {
  if (names.length !== layers.length || new Set(names).size !== names.length) {
    throw new InputError({
      at: '--names',
      expected: `${layers.length} different names, for ${layers.map(({ name }) => name).join(', ')}`,
      received: names.join(', '),
    })
  }
  const left = groups.filter(({ name }) => !names.includes(name))
  if (left.length > 0) refuseLeft(left, [], at)
  return layers.map((layer, i) => {
    const group = groups.find(({ name }) => name === names[i])
    if (group !== undefined && fits(group, layer)) return group
    throw new InputError({
      at: `${at}: ${names[i]}`,
      expected: `${describeLayer(layer)} for ${layer.name}`,
      received:
        group === undefined
          ? `none; the file has ${groups.map(({ name }) => name).join(', ')}`
          : describe(group.shapes),
    })
  })
}
