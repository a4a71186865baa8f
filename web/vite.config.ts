import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { contentPolicy } from './plugins/content-policy.ts'
import { themeSheet } from './plugins/theme-sheet.ts'

/** `vite build web` makes the page that `atelier serve` shows; with `--mode site`, the one that needs no server. */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [themeSheet(), contentPolicy()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { __SITE__: JSON.stringify(mode === 'site') },
  build: {
    outDir: fileURLToPath(new URL(mode === 'site' ? '../site' : '../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' },
}))
