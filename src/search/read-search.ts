import { basename, resolve } from 'node:path'
import { fileTrouble } from '../base/directory.ts'
import { InputError, messageOf } from '../base/errors.ts'
import { readPlainFile } from '../base/plain-file.ts'
import { type Key, key } from '../base/random.ts'
import { parseModel } from '../model/spec.ts'
import { readJson } from '../record/read-json.ts'
import type { Point } from '../tuning/constraints.ts'
import { type OpenSpace, openSpace, refuseEmpty, spaceData } from '../tuning/open-space.ts'
import { parseSpace } from '../tuning/parse-space.ts'
import type { PointOf, Space, TypedSpace } from '../tuning/space.ts'
import { cnn, mlp } from '../tuning/spaces/reference.ts'
import { importFile } from '../tuning/typescript.ts'
import {
  type Build,
  checkParameters,
  type ImageSizes,
  isReadyNetwork,
  readyNetworkOf,
  readyNetworks,
  type TrialSetup,
} from './networks.ts'

/** A space with what builds networks of its points. */
export interface SearchDefinition {
  readonly space: Space
  readonly build: Build
  /** The ready network's name, where one is used. */
  readonly network: string | undefined
}

/**
 * A search over networks of one's own: the default export of a `.ts` space.
 * `export default defineSearch({ space, build: (point, { classes }) => ({ model: … }) })`.
 */
export function defineSearch<P>(given: {
  readonly space: TypedSpace<P>
  readonly build: (point: PointOf<P>, sizes: ImageSizes) => TrialSetup
}): SearchDefinition {
  return { space: given.space, build: given.build as unknown as Build, network: undefined }
}

/** The spaces that ship, by name. */
export const readySpaces = { mlp, cnn } satisfies Record<string, Space>

/** Reads a search by the name of a ready space or from a `.json` or `.ts` file; checks everything that can be checked without data. */
export async function readSearch(text: string): Promise<SearchDefinition & { readonly opened: OpenSpace }> {
  const definition = await find(text)
  const opened = openSpace(definition.space)
  if (definition.network !== undefined && isReadyNetwork(definition.network)) {
    checkParameters(definition.space, definition.network)
  }
  refuseEmpty(opened, key(0))
  return { ...definition, opened }
}

async function find(text: string): Promise<SearchDefinition> {
  if (Object.hasOwn(readySpaces, text))
    return withNetwork(readySpaces[text as keyof typeof readySpaces], undefined, text)
  const name = basename(text).replace(/\.\w+$/, '')
  if (/\.json$/.test(text)) {
    const { network, ...space } = parseSpace(await readJson(text, 'a space'), name, text)
    return withNetwork(space, network, text)
  }
  if (/\.m?[jt]s$/.test(text)) return fromModule(await importSpace(text), text)
  throw new InputError({
    at: 'space',
    expected: `${Object.keys(readySpaces).join(', ')}, or a .json or .ts file`,
    received: `"${text}"`,
  })
}

function withNetwork(space: Space, wish: string | undefined, at: string): SearchDefinition {
  if (wish !== undefined && !isReadyNetwork(wish)) {
    throw new InputError({
      at: `${at}: network`,
      expected: Object.keys(readyNetworks).join(' or '),
      received: `"${wish}"`,
    })
  }
  const network = wish ?? readyNetworkOf(space)
  return { space, build: readyNetworks[network].build, network }
}

async function importSpace(path: string): Promise<Record<string, unknown>> {
  await readPlainFile(path).catch((cause) => {
    throw new InputError({ at: path, expected: 'a readable file', received: fileTrouble(cause) }, { cause })
  })
  try {
    return await importFile(resolve(path))
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(
      { at: path, expected: 'a module that loads', received: messageOf(error) },
      { cause: error },
    )
  }
}

function fromModule(module: Record<string, unknown>, at: string): SearchDefinition {
  const given = module.default as Partial<SearchDefinition & Space> | undefined
  if (given?.space !== undefined && typeof given.build === 'function') {
    return { space: given.space, build: given.build, network: undefined }
  }
  if (given?.parameters !== undefined && typeof given.name === 'string') {
    return withNetwork({ ...(given as Space), constraints: given.constraints ?? [] }, undefined, at)
  }
  throw new InputError({
    at,
    expected: 'a default export from defineSpace or defineSearch',
    received: given === undefined ? 'none' : typeof given,
  })
}

/** What makes two searches the same as far as their networks go. */
export const definitionData = ({ space, build, network }: SearchDefinition) => ({
  space: spaceData(space),
  build: network ?? build.toString(),
})

/** What building networks of some random points came to. */
export interface Tried {
  readonly points: number
  readonly failed: number
  /** Why the first of those failed that did. */
  readonly message: string
}

/**
 * Builds networks of some random points. One that cannot be built costs its trial, no more; where none can, the space or its
 * function is wrong, which is told before the first trial.
 */
export function tryBuilding(
  { build, opened, space }: SearchDefinition & { opened: OpenSpace },
  sizes: ImageSizes,
  from: Key,
): Tried {
  const messages: string[] = []
  let points = 0
  for (let tries = 0; points < 12 && tries < 200; tries++) {
    const point: Point = opened.draw(from.child(tries))
    if (!opened.allows(point)) continue
    points += 1
    try {
      builtOf(build(point, sizes))
    } catch (error) {
      messages.push(messageOf(error))
    }
  }
  const [message = ''] = messages
  if (points > 0 && messages.length === points) {
    throw new InputError({
      at: `space ${space.name}`,
      expected: 'networks that can be built',
      received: `none of ${points} random points: ${message.replace(/\.$/, '')}`,
    })
  }
  return { points, failed: messages.length, message }
}

/** What a function that builds networks returned, checked: it may be anybody's. */
export function builtOf(setup: TrialSetup): TrialSetup {
  if (typeof setup !== 'object' || setup === null || typeof setup.model !== 'object') {
    throw new InputError({
      at: 'build',
      expected: 'a network: { model: model({ inputs, outputs }), … }',
      received: setup === undefined ? 'nothing' : typeof setup,
    })
  }
  parseModel(setup.model, 'build')
  return setup
}
