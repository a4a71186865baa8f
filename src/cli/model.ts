import { InputError, within } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { isNetworkName, namedNetworks, network } from '../model/named.ts'
import type { NetworkOptions } from '../model/network-options.ts'
import type { ModelSpec } from '../model/spec.ts'
import { parseModel } from '../model/spec.ts'
import { readJson } from '../record/read-json.ts'

/** A network by its name or from a JSON file; what a named one leaves open is given. */
export async function readModel(text: string, options: NetworkOptions): Promise<ModelSpec> {
  if (text.endsWith('.json')) return readModelFile(text)
  if (isNetworkName(text)) return network(text, options)
  const names = Object.keys(namedNetworks)
  const meant = nearest(text, names)
  throw new InputError({
    at: 'model',
    expected: `one of ${names.join(', ')}, or a file that ends in .json`,
    received: `"${text}"`,
    ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }),
  })
}

async function readModelFile(path: string): Promise<ModelSpec> {
  const json = await readJson(path, 'a network')
  try {
    return parseModel(json, path)
  } catch (error) {
    throw within(path, error)
  }
}
