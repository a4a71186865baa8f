import { cardinality, type Domain, type Scalar, valueAt } from '../domain.ts'

/** A domain as Optuna's distribution in JSON. */
export function distributionOf(domain: Domain): string {
  if (domain.kind === 'oneOf') {
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: domain.values } })
  }
  const { low, log, step } = domain
  // Optuna takes the last value that a whole number of steps reaches for the high end.
  const high = step === undefined ? domain.high : (valueAt(domain, cardinality(domain) - 1) as number)
  return domain.kind === 'integers'
    ? JSON.stringify({ name: 'IntDistribution', attributes: { log, step, low, high } })
    : JSON.stringify({ name: 'FloatDistribution', attributes: { step: step ?? null, low, high, log } })
}

/** A value as Optuna keeps it: of a list its place, of numbers themselves. */
export const internalOf = (domain: Domain, value: Scalar): number =>
  domain.kind === 'oneOf' ? domain.values.indexOf(value) : (value as number)

/** The way back. */
export const externalOf = (domain: Domain, internal: number): Scalar =>
  domain.kind === 'oneOf' ? domain.values[internal] : internal
