import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { contentPolicy } from './plugins/content-policy.ts'
import { themeSheet } from './plugins/theme-sheet.ts'

/** The network that a static site gives to its visitors, where it has been trained. */
const model = fileURLToPath(new URL('../models/fashion-mnist.safetensors', import.meta.url))

/** `vite build web` makes the page that `atelier serve` shows; with `--mode site`, the one that needs no server. */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [themeSheet(), contentPolicy()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: {
    __SITE__: JSON.stringify(mode === 'site'),
    __MODEL__: JSON.stringify(mode !== 'site' || existsSync(model)),
  },
  build: {
    outDir: fileURLToPath(new URL(mode === 'site' ? '../site' : '../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { checks: { pluginTimings: false } }, // how long a plugin took says nothing on a busy machine
  },
  worker: { format: 'es' },
}))
