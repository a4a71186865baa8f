import { InputError } from '../../base/errors.ts'
import type { Json } from '../journal/operations.ts'
import { gp } from './gp/gp.ts'
import { grid } from './grid.ts'
import { random } from './random.ts'
import type { Sampler, SamplerSetting } from './sampler.ts'
import { sobol } from './sobol.ts'
import { tpe } from './tpe.ts'

/** Every sampler, by name. A new one is a file, a row here and a case in the contract test, which asks for it. */
export const samplers = { random, grid, sobol, tpe, gp } satisfies Record<
  string,
  (setting: SamplerSetting) => Sampler
>
export type SamplerName = keyof typeof samplers
export const samplerNames = Object.keys(samplers) as SamplerName[]

/** Samplers that once proposed other points, and which revision of them this is; the first goes without a number. */
const revisions: Partial<Record<SamplerName, number>> = { tpe: 2 }

/** A sampler as a journal has it. One of another revision would go on with other points, so that it counts as another. */
export function journalledSampler(kind: SamplerName): Json {
  const revision = revisions[kind]
  return revision === undefined ? kind : { kind, revision }
}

/** A sampler as a program writes it: `'tpe'` or `{ kind: 'tpe' }`. */
export type SamplerInput = SamplerName | { readonly kind: SamplerName }

/** The name of a sampler; throws an InputError that names `at` where there is no such one. */
export function samplerName(given: SamplerInput, at = 'sampler'): SamplerName {
  const kind = typeof given === 'string' ? given : given.kind
  if (Object.hasOwn(samplers, kind)) return kind
  throw new InputError({ at, expected: `one of ${samplerNames.join(', ')}`, received: `"${kind}"` })
}
