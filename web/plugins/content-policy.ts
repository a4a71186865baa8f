import { createHash } from 'node:crypto'
import { parseHTML } from 'linkedom'
import type { Plugin } from 'vite'
import { plot } from '../../src/visualization/frame.ts'
import { drawImageGrid } from '../../src/visualization/image-grid.ts'

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The styles that figures carry within themselves: these very texts are allowed, and no others. */
function stylesOfFigures(): string[] {
  const { document } = parseHTML('<!doctype html><html><head></head><body></body></html>')
  const frame = { title: '', description: '', width: 1, height: 1 }
  const sprite = { width: 1, height: 1, columns: 1, tile: { width: 1, height: 1 } }
  const grid = { id: 'sprite', url: '', sprite, labels: [], columns: 1, tileWidth: 1 }
  const figures = [plot(document, frame, { marks: [] }), drawImageGrid(document, { ...frame, ...grid })]
  const styles = figures.flatMap((svg) => [
    ...Array.from(svg.querySelectorAll('style'), (element) => element.textContent ?? ''),
    ...[svg, ...svg.querySelectorAll('[style]')].map((element) => element.getAttribute('style') ?? ''),
  ])
  return [...new Set(styles)].filter((style) => style !== '')
}

/** What the page may load and run: its own files, WebAssembly, and pictures that it makes itself. */
function policy(): string {
  const rules = {
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self'",
    'style-src': `'self' 'unsafe-hashes' ${stylesOfFigures().map(hash).join(' ')}`,
    'img-src': "'self' data: blob:",
    'media-src': "'self' blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
  }
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')
}

/** Writes the policy into the built page, so that it holds wherever the files are served from. */
export function contentPolicy(): Plugin {
  return {
    name: 'atelier-content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy() },
        injectTo: 'head-prepend',
      },
    ],
  }
}
