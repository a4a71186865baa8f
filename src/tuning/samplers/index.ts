import { grid } from './grid.ts'
import { random } from './random.ts'
import type { Sampler, SamplerSetting } from './sampler.ts'
import { sobol } from './sobol.ts'
import { tpe } from './tpe.ts'

/** Every sampler, by name. A new one is a file, a row here and a case in the contract test, which asks for it. */
export const samplers = { random, grid, sobol, tpe } satisfies Record<
  string,
  (setting: SamplerSetting) => Sampler
>
export type SamplerName = keyof typeof samplers
export const samplerNames = Object.keys(samplers) as SamplerName[]
