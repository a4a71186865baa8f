import { parse } from '../base/parse.ts'
import { holds, type Range, spokenRange } from '../base/range.ts'
import { optionsOf, readSettings, type Source } from './read.ts'
import { recipeInput } from './recipe.ts'
import type { Notation, Setting, Settings } from './setting.ts'
import { type RecipeInput, settings } from './settings.ts'

type Scalar = string | number | boolean

/** What a parameter of a search may be: said in words, and checked. */
export interface Parameter {
  readonly spoken: string
  readonly fits: (value: Scalar) => boolean
}

/** Numbers of a range. */
export const inRange = (range: Range): Parameter => ({
  spoken: spokenRange(range),
  fits: (value) => typeof value === 'number' && holds(range, value),
})

const oneOf = (values: readonly Scalar[]): Parameter => ({
  spoken: values.length === 2 ? values.join(' or ') : `one of ${values.join(', ')}`,
  fits: (value) => values.includes(value),
})

const notation = ({ expected, fits }: Notation): Parameter => ({
  spoken: expected,
  fits: (value) => fits(`${value}`),
})

function parametersIn([key, setting]: [string, Setting]): [string, Parameter][] {
  switch (setting.type) {
    case 'number':
      return setting.searchable ? [[key, inRange(setting.range)]] : []
    case 'boolean':
      return setting.searchable ? [[key, oneOf([false, true])]] : []
    case 'word':
      return setting.searchable ? [[key, oneOf(Object.keys(setting.of))]] : []
    case 'text':
      return setting.searchable ? [[key, notation(setting)]] : []
    case 'choice': {
      if (!setting.searchable) return []
      return [
        [key, oneOf(Object.keys(setting.of))],
        ...Object.entries(optionsOf(setting)).flatMap(parametersIn),
      ]
    }
    case 'group': {
      const { head, options, searchable } = setting
      if (head === undefined) return Object.entries(options).flatMap(parametersIn)
      return searchable ? parametersIn([key, { ...options[head], searchable }]) : []
    }
    default:
      return setting satisfies never
  }
}

/** Every setting that a search may vary, by the name of its parameter. */
export const parametersOf = (of: Settings = settings): Readonly<Record<string, Parameter>> =>
  Object.fromEntries(Object.entries(of).flatMap(parametersIn))

type Point = Readonly<Record<string, Scalar | undefined>>

/** How a point of a search wants its network trained; what it does not speak of, or in vain, is left out. */
export function recipeOf(point: Point): RecipeInput {
  const source: Source = {
    take: (key, setting) => (setting.searchable ? point[key] : undefined),
    within: () => source,
    refuse: () => undefined,
  }
  return parse(recipeInput, readSettings(settings, source) ?? {}, 'the parameters of a search')
}
