/** Digits in groups of three: 118,282. Locales differ from machine to machine; this does not. */
export function integer(value: number): string {
  return minus(Math.round(value).toString()).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A fixed number of decimals, with a true minus sign. */
export function decimal(value: number, digits: number): string {
  const [whole, fraction] = value.toFixed(digits).split('.')
  const grouped = minus(whole).replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

const minus = (text: string) => text.replace('-', '−')

/** A share as a percentage: 0.9038 → 90.38 %; a dash for a share of nothing. The space does not break. */
export const percent = (share: number | null, digits = 1) =>
  share === null ? '–' : `${decimal(100 * share, digits)}\u00a0%`

/** With its sign, always: +4.79, −0.20. */
export const signed = (value: number, digits: number) => `${value >= 0 ? '+' : ''}${decimal(value, digits)}`

/** A length of time as people say it: 0.8 s, 42 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${decimal(seconds, 1)}\u00a0s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}\u00a0s`
  if (whole < 3600) return two(Math.floor(whole / 60), 'min', whole % 60, 's')
  return two(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min')
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${large}\u00a0${largeUnit}`
  return small === 0 ? head : `${head} ${small}\u00a0${smallUnit}`
}

/** "a", "a and b", "a, b and c". */
export function enumeration(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

/** A count with its noun: 1 epoch, 12 epochs. */
export const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${integer(count)} ${count === 1 ? noun : plural}`

const small = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** Numbers small enough to be words are words. */
export const inWords = (n: number) => small[n] ?? String(n)

export const capitalized = (text: string) => text.replace(/^[a-z]/, (letter) => letter.toUpperCase())

/** At most `most` characters, the last of them an ellipsis where something is left out. */
export function ellipsis(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** About how wide a text is in a system sans-serif, in pixels: drawings made in Node have no font to ask. */
export const textWidth = (text: string, size: number) => [...text].length * size * 0.6

const raisedDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** 10 to a whole power, in raised digits: 10⁻⁴⁰. */
export function powerOfTen(exponent: number): string {
  const raised = [...String(Math.abs(exponent))].map((d) => raisedDigits[Number(d)]).join('')
  return exponent === 0 ? '1' : `10${exponent < 0 ? '⁻' : ''}${raised}`
}
