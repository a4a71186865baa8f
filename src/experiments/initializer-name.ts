import type { Initializer } from '../model/initializer-text.ts'

const authors: Readonly<Record<string, string>> = { he: 'He', glorot: 'Glorot', lecun: 'LeCun' }

/** An initializer as a person reads it. */
export function describeInitializer(how: Initializer): string {
  if (typeof how === 'string') {
    return how.replace(/^(he|glorot|lecun)/, (name) => authors[name] ?? name).replace('-', ', ')
  }
  return how.kind === 'uniform'
    ? `uniform in [${how.low}, ${how.high}]`.replaceAll('-', '−')
    : `normal, standard deviation ${how.std}`
}
