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

/** Reads `asha` or `asha:minimum=2,factor=4`; whatever is left out has its default. */
export function parsePruner(text: string, at = '--pruner'): PrunerSpec {
  const [kind, rest] = [text.split(':', 1)[0], text.slice(text.indexOf(':') + 1)]
  if (!Object.hasOwn(pruners, kind)) {
    throw new InputError({ at, expected: `one of ${Object.keys(pruners).join(', ')}`, received: `"${text}"` })
  }
  const { defaults, least }: PrunerKind = pruners[kind as PrunerName]
  const options: Record<string, number> = { ...defaults }
  for (const part of text.includes(':') ? rest.split(',') : []) {
    const [name, value] = part.split('=')
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).join(', ') || 'no options'
      throw new InputError({ at: `${at} ${kind}`, expected: names, received: `"${name}"` })
    }
    if (!(Number.isSafeInteger(Number(value)) && value !== '' && Number(value) >= least[name])) {
      throw new InputError({
        at: `${at} ${kind}: ${name}`,
        expected: `a whole number from ${least[name]}`,
        received: `"${value ?? ''}"`,
      })
    }
    options[name] = Number(value)
  }
  return { kind: kind as PrunerName, options }
}

/** Opens a pruner for a search. */
export const openPruner = ({ kind, options }: PrunerSpec, setting: Omit<PrunerSetting, 'options'>): Pruner =>
  pruners[kind].open({ ...setting, options })
