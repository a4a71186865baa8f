/** The colors of every figure and page, by role. Figures name them as CSS variables, so that a page decides. */
export interface Theme {
  readonly paper: string
  readonly ink: string
  /** Secondary text: axis labels, captions. */
  readonly muted: string
  /** Hairlines. */
  readonly rule: string
  /** Set apart from paper: code, notes. */
  readonly wash: string
  readonly accent: string
  /** Text on a step of a ramp from `inkStep` on. */
  readonly inkReversed: string
  /** Categories that stay apart for the color-blind (after Okabe and Ito), each 4.5:1 against paper. */
  readonly series: readonly string[]
  /** Eight steps from almost paper to almost ink, of even lightness (OKLCH hue 250): what went right. */
  readonly hit: readonly string[]
  /** Likewise (hue 52): what went wrong. */
  readonly miss: readonly string[]
}

/** The first step of a ramp that wants the reversed ink. */
export const inkStep = 5

export const light: Theme = {
  paper: '#fffefb',
  ink: '#1c2024',
  muted: '#5d6369',
  rule: '#dcdad3',
  wash: '#f5f3ec',
  accent: '#105d9d',
  inkReversed: '#ffffff',
  series: ['#bf4d08', '#a04d85', '#8a6200', '#0069a8', '#007a57', '#4b5563', '#1f76a5', '#b3261e'],
  hit: ['#f1f8ff', '#deedfe', '#c0deff', '#a0ccfa', '#7cb6f1', '#2672b7', '#105d9d', '#054980'],
  miss: ['#fef5f0', '#fce6d9', '#f9d1ba', '#f2b998', '#e69e72', '#a85514', '#8e4300', '#713401'],
}

export const dark: Theme = {
  paper: '#16181c',
  ink: '#e7e5e0',
  muted: '#9ba1a8',
  rule: '#34383e',
  wash: '#1f2227',
  accent: '#85bcf5',
  inkReversed: '#14161a',
  series: ['#f28e4c', '#dd97c0', '#dcb13c', '#5db5ec', '#3cc79d', '#b9c0ca', '#8fd0f5', '#ff8a80'],
  hit: ['#1a222b', '#1e2d3c', '#233a51', '#2a4968', '#305880', '#61a3e6', '#85bcf5', '#aed5ff'],
  miss: ['#2a1f19', '#39261b', '#4d301f', '#623c24', '#784829', '#d98854', '#eba57b', '#fac4a4'],
}

export const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

/** The names and values of a theme: `['--ink', '#1c2024']`… */
export function themeVariables(theme: Theme): [name: string, value: string][] {
  return Object.entries(theme).flatMap(([role, value]): [string, string][] =>
    typeof value === 'string'
      ? [[`--${role}`, value]]
      : value.map((step: string, i: number): [string, string] => [`--${role}-${i}`, step]),
  )
}

/** A role of the theme as a CSS value. */
export const role = (name: 'paper' | 'ink' | 'muted' | 'rule' | 'wash' | 'accent' | 'inkReversed') =>
  `var(--${name})`

/** The color of the i-th category; they come round again after the last. */
export const series = (i: number) => `var(--series-${i % light.series.length})`

/** Dashes for the rounds of `series` after the first, so that two categories never look the same. */
export const dashes = (i: number) => ['', '6 3', '2 3', '8 3 2 3'][Math.floor(i / light.series.length) % 4]

/** A drawing with the theme's values in place of its variables, for places that know no CSS. */
export function resolveVariables(svg: string, theme: Theme): string {
  const values = new Map(themeVariables(theme))
  return svg.replace(/var\((--[\w-]+)\)/g, (whole, name: string) => values.get(name) ?? whole)
}
