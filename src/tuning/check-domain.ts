import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { cardinality, type Domain, type Integers, type OneOf, type Range } from './domain.ts'
import { domainData } from './space-data.ts'

/** The smallest step between numbers as large as 1: finer ones run into each other. */
const FINEST = 2 ** -50

/** Throws an InputError that names `at` where a parameter's values are not sound; its condition's parameters are not looked at. */
export function checkDomain(at: string, domain: Domain): void {
  parse<unknown>(domainData, domain, at)
  const refuse = (expected: string, received: string) => {
    throw new InputError({ at, expected, received })
  }
  if (domain.kind === 'oneOf') checkValues(domain, refuse)
  else checkNumbers(domain, refuse)
}

type Refuse = (expected: string, received: string) => void

function checkValues({ values }: OneOf, refuse: Refuse): void {
  if (values.length === 0) refuse('at least one value', 'an empty list')
  const seen = new Set<unknown>()
  for (const value of values) {
    const isSound =
      typeof value === 'number' ? Number.isFinite(value) : ['string', 'boolean'].includes(typeof value)
    if (!isSound) refuse('numbers, words, true or false', JSON.stringify(value) ?? String(value))
    if (seen.has(value)) refuse('different values', `${JSON.stringify(value)} twice`)
    seen.add(value)
  }
}

function checkNumbers(domain: Integers | Range, refuse: Refuse): void {
  const { low, high, step, log, kind } = domain
  const spoken = `${low} to ${high}${step === undefined || step === 1 ? '' : ` in steps of ${step}`}`
  const whole = kind === 'integers'
  if (![low, high].every((end) => (whole ? Number.isSafeInteger(end) : Number.isFinite(end)))) {
    refuse(whole ? 'whole numbers as ends' : 'numbers as ends', spoken)
  }
  if (low > high) refuse('a low end that is not above the high end', spoken)
  if (!Number.isFinite(high - low)) refuse('ends whose distance is a number', spoken)
  if (step !== undefined && !(step > 0 && (!whole || Number.isSafeInteger(step))))
    refuse('a step above 0', spoken)
  if (log && !(low > 0)) refuse('a low end above 0 on a logarithmic scale', spoken)
  if (log && whole && step !== 1) refuse('steps of 1 on a logarithmic scale', spoken)
  if (log && !whole && step !== undefined) refuse('no steps on a logarithmic scale', spoken)
  if (!whole && step !== undefined && step < FINEST * Math.max(Math.abs(low), Math.abs(high)))
    refuse('a step that tells the values apart', spoken)
  if (Number.isFinite(cardinality(domain)) && cardinality(domain) > Number.MAX_SAFE_INTEGER)
    refuse(`at most ${Number.MAX_SAFE_INTEGER} values`, spoken)
}
