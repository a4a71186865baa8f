import { type EngineChoice, engineSpec, MOST_THREADS } from '../engine/backend.ts'
import type { Invocation } from './command.ts'
import { choiceFlag, numberFlag, textFlag } from './flags.ts'

/** Reads `engineFlags`. */
export function engineChoice(flags: Invocation['flags']): EngineChoice {
  const threads = numberFlag(flags, 'threads', { whole: true, least: 1, most: MOST_THREADS, usual: 2 })
  const named = textFlag(flags, 'backend')
  // The former name of the reference is understood and no longer offered.
  const backend =
    named === 'definition' ? 'reference' : choiceFlag(flags, 'backend', ['native', 'wasm', 'reference'])
  const arithmetic = choiceFlag(flags, 'arithmetic', engineSpec.shape.arithmetic.options)
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(backend === undefined ? {} : { backend }),
    ...(arithmetic === undefined ? {} : { arithmetic }),
  }
}
