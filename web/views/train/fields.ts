import { type FlagRow, flagRows } from '../../../src/recipe/flag-rows.ts'
import { networkOptions } from '../../../src/recipe/network-options.ts'
import { splitOptions } from '../../../src/recipe/split-options.ts'
import { capitalized } from '../../../src/visualization/format.ts'

/** A setting of training: what the command line calls it, and how the page asks for it. */
export interface TrainField {
  /** The flag, without its hyphens. */
  readonly name: string
  readonly label: string
  /** What holds while it is empty, beside what the others hold. */
  usual(value: (name: string) => string): string
  readonly hint?: string
  readonly choices?: readonly (readonly [value: string, name: string])[]
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
  /** Whether it is asked for at once, or only by those who want more. */
  readonly isUsual?: boolean
  /** Whether it means anything beside the others; what it holds is left out where it does not. */
  when?(value: (name: string) => string): boolean
}

const isNamed = (value: (name: string) => string) => value('model') !== OWN

/** The name of the network that a person builds. */
export const OWN = 'own'

/** An empty choice is the default. */
function choicesOf({ type, names, usual, flag }: FlagRow): Pick<TrainField, 'choices'> {
  if (type === 'boolean') {
    const [off, on] = flag.startsWith('no-') ? ['yes', 'no'] : ['no', 'yes']
    return { choices: [['', off] as const, ['yes', on] as const] }
  }
  if (type !== 'name') return {}
  const others = Object.entries(names).filter(([name]) => name !== usual)
  return { choices: [['', names[usual]] as const, ...others] }
}

function whenOf({ needs }: FlagRow): Pick<TrainField, 'when'> {
  if (needs === undefined) return {}
  const { flag, names, usual = '' } = needs
  return {
    when: (value) => (names === undefined ? value(flag) !== '' : names.includes(value(flag) || usual)),
  }
}

/** A flag of training as a field. */
const fieldOf = (row: FlagRow): TrainField => ({
  name: row.flag,
  label: capitalized(row.label),
  usual: (value) => row.usualWith[value(row.needs?.flag ?? '') || (row.needs?.usual ?? '')] ?? row.usual,
  hint: row.isCommon ? '' : capitalized(row.about),
  isUsual: row.isCommon,
  ...(row.type === 'number' && { inputMode: row.isWhole ? 'numeric' : 'decimal' }),
  ...choicesOf(row),
  ...whenOf(row),
})

/** The settings in the order in which they are asked for. */
export const fields: readonly TrainField[] = [
  ...flagRows().map(fieldOf),
  ...flagRows(networkOptions).map((row) => ({ ...fieldOf(row), when: isNamed })),
  ...flagRows(splitOptions).map(fieldOf),
]
