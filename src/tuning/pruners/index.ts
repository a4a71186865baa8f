import { InputError } from '../../base/errors.ts'
import { asha, ashaDefaults } from './asha.ts'
import { hyperband } from './hyperband.ts'
import { medianDefaults, medianPruner } from './median.ts'
import { none } from './none.ts'
import type { Pruner, PrunerSetting } from './pruner.ts'

interface PrunerKind {
  readonly open: (setting: PrunerSetting) => Pruner
  /** Its options with their defaults: whole numbers, and the least that each may be. */
  readonly defaults: Readonly<Record<string, number>>
  readonly least: Readonly<Record<string, number>>
}

const halving = { defaults: ashaDefaults, least: { minimum: 1, factor: 2 } }

/** Every pruner, by name. A new one is a file, a row here and a line in the contract test. */
export const pruners = {
  none: { open: none, defaults: {}, least: {} },
  median: { open: medianPruner, defaults: medianDefaults, least: { warmup: 0, trials: 1 } },
  asha: { open: asha, ...halving },
  hyperband: { open: hyperband, ...halving },
} satisfies Record<string, PrunerKind>
export type PrunerName = keyof typeof pruners

/** A pruner as data. */
export interface PrunerSpec {
  readonly kind: PrunerName
  readonly options: Readonly<Record<string, number>>
}

/** A pruner as a program names it; options that are left out have their defaults. */
export type PrunerInput = PrunerName | ({ readonly kind: PrunerName } & Readonly<Record<string, number | string>>)

/** Completes a pruner with its defaults; throws an InputError that names `at` for an unknown one or a wrong option. */
export function prunerSpec(given: PrunerInput, at = 'pruner'): PrunerSpec {
  const { kind, ...options } = typeof given === 'string' ? { kind: given } : given
  if (!Object.hasOwn(pruners, kind)) {
    throw new InputError({ at, expected: `one of ${Object.keys(pruners).join(', ')}`, received: `"${kind}"` })
  }
  const { defaults, least }: PrunerKind = pruners[kind]
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).join(', ') || 'no options'
      throw new InputError({ at: `${at} ${kind}`, expected: names, received: `"${name}"` })
    }
    if (!(Number.isSafeInteger(value) && Number(value) >= least[name])) {
      const expected = `a whole number from ${least[name]}`
      throw new InputError({ at: `${at} ${kind}: ${name}`, expected, received: `"${value}"` })
    }
  }
  return { kind, options: { ...defaults, ...(options as Record<string, number>) } }
}

/** Reads `asha` or `asha:minimum=2,factor=4`; whatever is left out has its default. */
export function parsePruner(text: string, at = '--pruner'): PrunerSpec {
  const [kind, ...rest] = text.split(':')
  const options = text.includes(':') ? rest.join(':').split(',') : []
  const number = (value = '') => (/^\d+$/.test(value) ? Number(value) : value)
  const named = options.map((part) => part.split('=')).map(([name, value]) => [name, number(value)])
  return prunerSpec({ ...Object.fromEntries(named), kind: kind as PrunerName }, at)
}

/** Opens a pruner for a search. */
export const openPruner = ({ kind, options }: PrunerSpec, setting: Omit<PrunerSetting, 'options'>): Pruner =>
  pruners[kind].open({ ...setting, options })
