/** The numbers that are allowed somewhere. */
export interface Range {
  readonly whole?: boolean
  readonly least?: number
  readonly most?: number
  /** The value must be greater than this. */
  readonly above?: number
  /** The value must be less than this. */
  readonly below?: number
}

/** `a whole number from 1 up to 4096`, as an error names what it expected. */
export function spokenRange({ whole, least, most, above, below }: Range): string {
  const bounds = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `from ${least}`,
    most === undefined ? '' : `up to ${most}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((part) => part !== '')
  const between = least !== undefined && most !== undefined ? ' ' : ' and '
  return `${whole ? 'a whole number' : 'a number'} ${bounds.join(between)}`.trim()
}

/** Whether a range holds a number; none holds NaN or infinity. */
export function holds(range: Range, value: number): boolean {
  const { whole = false, least = -Infinity, most = Infinity, above = -Infinity, below = Infinity } = range
  const isInside = value >= least && value <= most && value > above && value < below
  return isInside && Number.isFinite(value) && (!whole || Number.isSafeInteger(value))
}

/** `0.5`, `.5`, `1e-3`; no other notation, which is more often a slip than a wish. */
export const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** The number that a text says, if it says one that a range holds. */
export function numberFrom(text: string, range: Range): number | undefined {
  const value = decimal.test(text.trim()) ? Number(text) : Number.NaN
  return holds(range, value) ? value : undefined
}
