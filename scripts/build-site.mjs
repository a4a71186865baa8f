/*
 * Builds site/: the parts of the page that need no server (Recognize and Train), and the documentation, as static files
 * that any web server can give out, at any path. Documentation is README.md and docs/, and whatever they link to.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Marked } from 'marked'
import { build } from 'vite'
import { style } from '../dist/document/style.js'
import { escapeHtml } from '../dist/visualization/html.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'site')
const model = 'models/fashion-mnist.safetensors'

/** The index of the documentation, by task. */
const contents = 'docs/README.md'

/** Where a file of the repository stands in the site: README.md is docs/index.html, docs/serve.md docs/serve.html. */
function placeOf(path) {
  if (path === contents) return 'docs/contents.html'
  const page = path.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html')
  return posix.join('docs', page.replace(/^docs\//, '').replace(/^LICENSE$/, 'LICENSE.txt'))
}

const relative = (from, to) => posix.relative(posix.dirname(from), to) || posix.basename(to)
const isFolder = (path) => statSync(join(root, path)).isDirectory()

/** The pages to write and the files to copy, by their paths in the repository; they grow while links are followed. */
const pages = new Set(['README.md'])
const assets = new Set()

/** What a link of a page leads to in the site; undefined where the site has nothing of the kind. */
function follow(page, href) {
  if (/^([a-z]+:|#)/i.test(href)) return href
  const [address, hash] = href.split('#')
  const path = posix.join(posix.dirname(page), address).replace(/\/$/, '')
  if (path.startsWith('..') || !existsSync(join(root, path))) return undefined
  const found = isFolder(path) ? posix.join(path, 'README.md') : path
  if (!existsSync(join(root, found)) && !isListed(path)) return undefined
  if (found.endsWith('.md')) pages.add(found)
  else assets.add(found)
  const to = relative(placeOf(page), placeOf(found))
  return hash === undefined ? to : `${to}#${hash}`
}

/** A folder of pages without one that names them gets a list. */
const isListed = (path) => isFolder(path) && pagesIn(path).length > 0

const pagesIn = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'))

/** Links to the pages of a folder, by their titles, as Markdown. */
function listOf(folder) {
  const line = (name) => `* [${titleOf(readFileSync(join(root, folder, name), 'utf8'))}](${name})\n`
  return pagesIn(folder).map(line).join('')
}

function textOf(page) {
  const path = join(root, page)
  if (page === 'README.md')
    return `${readFileSync(path, 'utf8')}\n## More\n\n[All documentation, by task](${contents})\n`
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const folder = posix.dirname(page)
  return `# ${posix.basename(folder).replace(/^./, (c) => c.toUpperCase())}\n\n${listOf(folder)}`
}

const titleOf = (text) => /^#\s+(.+)$/m.exec(text)?.[1].replace(/[*_`]/g, '') ?? 'Atelier'

function htmlOf(page, text) {
  const names = new Map()
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const name = this.parser.parseInline(tokens, this.parser.textRenderer)
        const id = name
          .toLowerCase()
          .replace(/<[^>]+>|[^\w\s-]/g, '')
          .trim()
          .replace(/\s+/g, '-')
        const count = names.get(id) ?? 0
        names.set(id, count + 1)
        return `<h${depth} id="${count === 0 ? id : `${id}-${count}`}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }) {
        const to = follow(page, href)
        const inner = this.parser.parseInline(tokens)
        return to === undefined ? inner : `<a href="${escapeHtml(to)}">${inner}</a>`
      },
      image({ href, text: alt }) {
        const to = follow(page, href)
        return to === undefined ? escapeHtml(alt) : `<img src="${escapeHtml(to)}" alt="${escapeHtml(alt)}">`
      },
    },
  })
  return marked
    .parse(text)
    .replace(/<th([^>]*)><\/th>/g, '<td$1></td>')
    .replaceAll('<table>', '<div class="scroll" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">')
}

const policy =
  "default-src 'none'; img-src 'self' data:; style-src 'self'; base-uri 'none'; form-action 'none'"

function documentOf(page, text) {
  const place = placeOf(page)
  const to = (target) => relative(place, target)
  const places = [
    [`${to('index.html')}#/recognize`, 'Recognize'],
    [`${to('index.html')}#/train`, 'Train'],
    [to('docs/index.html'), 'Documentation'],
  ]
  const links = places.map(([href, name]) => `<li><a href="${href}">${name}</a></li>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(text))}</title>
<link rel="stylesheet" href="${to('docs/style.css')}">
<link rel="icon" href="${to('docs/icon.svg')}" type="image/svg+xml">
</head>
<body>
<div class="page">
<header><nav aria-label="Places"><ol>${links}</ol></nav></header>
<main>
${htmlOf(page, text)}</main>
</div>
</body>
</html>
`
}

const own = `
main img{max-width:100%;height:auto;background:#fffefb;border-radius:4px}
main>h2{margin-top:3rem}
main>h3{font:600 1rem/1.4 var(--sans);margin:2rem 0 .7rem}
main ul,main ol{max-width:var(--measure);padding-left:1.3rem;margin:0 0 1.1rem}
main li{margin-bottom:.3rem}
main .scroll{margin:0 0 1.6rem}
main th{min-width:0!important}
`

function put(path, content) {
  const to = join(site, path)
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, content)
}

await build({
  root: join(root, 'web'),
  configFile: join(root, 'web/vite.config.ts'),
  mode: 'site',
  logLevel: 'warn',
})
if (existsSync(join(root, model))) cpSync(join(root, model), join(site, 'model.safetensors'))
for (const page of pages) put(placeOf(page), documentOf(page, textOf(page))) // the set grows on the way
for (const path of assets) {
  mkdirSync(dirname(join(site, placeOf(path))), { recursive: true })
  cpSync(join(root, path), join(site, placeOf(path)))
}
put('docs/style.css', style() + own)
cpSync(join(root, 'web/icon.svg'), join(site, 'docs/icon.svg'))
console.log(`site: Recognize, Train and ${pages.size} pages of documentation`)
