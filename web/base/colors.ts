import { effect, signal } from '@preact/signals'
import { dark, light, type Theme } from '../../src/visualization/theme.ts'

/** What a person asked for. */
export type ColorChoice = 'auto' | 'light' | 'dark'

const STORE = 'atelier-colors'
const system = matchMedia('(prefers-color-scheme: dark)')

function stored(): ColorChoice {
  try {
    const text = localStorage.getItem(STORE)
    return text === 'light' || text === 'dark' ? text : 'auto'
  } catch {
    return 'auto' // storage may be forbidden
  }
}

export const colorChoice = signal<ColorChoice>(stored())
const systemIsDark = signal(system.matches)
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

effect(() => {
  const choice = colorChoice.value
  if (choice === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
  try {
    if (choice === 'auto') localStorage.removeItem(STORE)
    else localStorage.setItem(STORE, choice)
  } catch {
    // then it holds until the page is closed
  }
})

/** The colors that are shown now, for what is painted pixel by pixel. */
export function currentTheme(): Theme {
  const choice = colorChoice.value
  return choice === 'dark' || (choice === 'auto' && systemIsDark.value) ? dark : light
}
