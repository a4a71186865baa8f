import type { Plugin } from 'vite'
import { themeStyle } from '../../src/document/style.ts'

const NAME = 'virtual:theme.css'

/** The colors of every figure and report as a style sheet to import: `import 'virtual:theme.css'`. */
export function themeSheet(): Plugin {
  return {
    name: 'atelier-theme',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? themeStyle() : undefined),
  }
}
