import { InputError } from '../../base/errors.ts'
import { numberFrom } from '../../base/range.ts'
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

/** Every pruner, by name. A new one is a file, a row here and a case in the contract test, which asks for it. */
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

/** A pruner as a program writes it: `'asha'`, or `{ kind: 'asha', factor: 4 }`; options that are left out have their defaults. */
export type PrunerInput =
  | PrunerName
  | {
      [Kind in PrunerName]: { readonly kind: Kind } & {
        readonly [Option in keyof (typeof pruners)[Kind]['defaults']]?: number
      }
    }[PrunerName]

/** Completes a pruner with its defaults; throws an InputError that names `at` where there is no such one, or an option is wrong. */
export function prunerSpec(given: PrunerInput, at = 'pruner'): PrunerSpec {
  const { kind, ...options }: { kind: PrunerName } & Record<string, unknown> =
    typeof given === 'string' ? { kind: given } : given
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

/** Reads a pruner as it is written on the command line: `asha`, or `asha:minimum=2,factor=4`. */
export function parsePruner(text: string, at = '--pruner'): PrunerSpec {
  const [kind, ...rest] = text.split(':')
  const pairs = rest.length === 0 ? [] : rest.join(':').split(',')
  const options = pairs
    .map((pair) => pair.split('='))
    .map(([name, value = '']) => [name, numberFrom(value, {}) ?? value])
  return prunerSpec({ ...Object.fromEntries(options), kind }, at)
}

/** Opens a pruner for a search. */
export const openPruner = ({ kind, options }: PrunerSpec, setting: Omit<PrunerSetting, 'options'>): Pruner =>
  pruners[kind].open({ ...setting, options })
