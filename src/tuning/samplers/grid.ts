import { InputError } from '../../base/errors.ts'
import { cardinality } from '../domain.ts'
import { nthAllowed, type Sampler, type SamplerSetting } from './sampler.ts'

/** Every point in the order of nested loops, the last parameter turning fastest. */
export function grid({ space }: SamplerSetting): Sampler {
  if (!Number.isFinite(space.size)) {
    const endless = space.order.find((name) => !Number.isFinite(cardinality(space.space.parameters[name])))
    throw new InputError({
      at: '--sampler grid',
      expected: 'a space of points that can be counted',
      received: endless === undefined ? 'more than 2^53 points' : `a range without steps: ${endless}`,
      hint: 'Give the range a step, list its values, or use another sampler.',
    })
  }
  const nth = nthAllowed(space, space.at, { length: space.size })
  return {
    kind: 'grid',
    seesResults: false,
    propose(n) {
      const index = nth(n)
      return index === undefined ? undefined : space.at(index)
    },
  }
}
