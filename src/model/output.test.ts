import { describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import {
  activation,
  add,
  conv2d,
  dense,
  dropout,
  flatten,
  type GraphNode,
  globalAveragePool2d,
  input,
  type Layer,
  model,
} from './functional.ts'
import { parseModel } from './spec.ts'

const through = (...layers: readonly Layer[]) => {
  const inputs = input([4, 4, 1])
  return () => model({ inputs, outputs: layers.reduce<GraphNode>((x, layer) => layer(x), inputs) })
}
const ending = (name: 'linear' | 'relu' | 'sigmoid' | 'tanh' | 'softmax') =>
  dense({ units: 3, activation: name })
const [row, drop] = [flatten(), dropout({ rate: 0.5 })]

describe('the output of a network is what softmax is applied to, once', () => {
  test.each<[string, readonly Layer[]]>([
    ['linear', [row, ending('linear')]],
    ['softmax', [row, ending('softmax')]],
    ['softmax as a layer of its own', [row, ending('linear'), activation({ activation: 'softmax' })]],
    ['linear, then dropout', [row, ending('linear'), drop]],
    [
      'the mean of what a relu leaves',
      [conv2d({ filters: 3, kernel: 1, activation: 'relu' }), globalAveragePool2d()],
    ],
  ])('%s', (_, layers) => {
    expect(through(...layers)().nodes.length).toBeGreaterThan(1)
  })
  const sum = (a: GraphNode) => add()(ending('linear')(a), ending('softmax')(a))
  test.each<[string, readonly Layer[]]>([
    ['relu', [row, ending('relu')]],
    ['sigmoid', [row, ending('sigmoid')]],
    ['tanh', [row, ending('tanh')]],
    ['sigmoid', [row, ending('linear'), activation({ activation: 'sigmoid' })]],
    ['softmax', [row, ending('softmax'), drop]],
    ['softmax', [row, ending('softmax'), activation({ activation: 'linear' })]],
    ['softmax', [row, sum as Layer]],
    ['relu', [conv2d({ filters: 3, kernel: 4, padding: 'valid', activation: 'relu' }), row]],
  ])('through %s at its end is refused', (name, layers) => {
    expect(through(...layers)).toThrow(
      new RegExp(`expected an output that is linear or softmax: .*, received one through ${name}\\.`),
    )
  })
  test('in a file too', () => {
    const { nodes, ...rest } = through(row, ending('linear'))()
    const squashed = nodes.map((node) =>
      node.kind === 'dense' ? { ...node, options: { ...node.options, activation: 'sigmoid' } } : node,
    )
    expect(() => parseModel({ ...rest, nodes: squashed }, 'mine.json')).toThrow(InputError)
  })
})

test('a network may be deeper than calls may go', () => {
  const layers = Array.from({ length: 20_000 }, () => drop)
  expect(through(row, ...layers, ending('softmax'))().nodes).toHaveLength(20_003)
})

describe('a window may not reach beyond what kernels can count', () => {
  const convolved = (options: object) =>
    through(conv2d({ filters: 2, kernel: 3, ...options }), row, ending('linear'))
  test.each([
    { dilation: 2 ** 30 },
    { dilation: [1, 2 ** 24] },
    { kernel: 2 ** 30 },
    { strides: 2 ** 53 - 1 },
  ])('%j', (options) => {
    expect(convolved(options)).toThrow(InputError)
  })
  test('but beyond the image, where it is padded', () => {
    expect(convolved({ dilation: 2 ** 20 })().nodes).toHaveLength(4)
  })
})
