import { greatest } from '../base/extremes.ts'
import { type Html, html, raw } from '../visualization/html.ts'
import { type ImageGrid, spriteElement } from '../visualization/image-grid.ts'
import { serialize } from '../visualization/serialize.ts'
import { tileCorner } from '../visualization/sprite.ts'
import { tableHtml } from '../visualization/table.ts'
import {
  type Block,
  type Figure,
  type Inline,
  numberBlocks,
  type Panel,
  type Phrase,
  type Prose,
  piecesOf,
  type ReportDocument,
} from './document.ts'
import { interaction } from './interaction.ts'
import { style } from './style.ts'

/** The names of figures and tables by their id. */
type Names = ReadonlyMap<string, string>

/** A document as one page that needs nothing beside itself. */
export function toHtml(report: ReportDocument, dom: Document): string {
  const names = numberBlocks(report.sections)
  const sections = report.sections.map(
    ({ id, title, blocks }, i) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title"><span>${i + 1}</span>${title}</h2>
${blocks.map((block) => blockHtml(block, names, dom))}</section>
`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.title}</title>
<link rel="icon" href="data:,">
<style>${raw(style())}</style>
</head>
<body>
<div class="page">
${head(report)}<main>
${sections}</main>
</div>
${interaction(report.cells, dom)}
</body>
</html>
`.html
}

function head({ title, subtitle, warnings, sections }: ReportDocument): Html {
  const items = sections.map((s, i) => html`<li><a href="#${s.id}"><span>${i + 1}</span>${s.title}</a></li>`)
  return html`<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
${warnings.map(
  (warning) => html`<div class="warning" role="note"><p>${warning}</p></div>
`,
)}<nav aria-label="Contents"><ol>${items}</ol></nav>
</header>
`
}

function blockHtml(block: Block, names: Names, dom: Document): Html {
  switch (block.type) {
    case 'paragraph':
      return html`<p>${proseHtml(block.prose, names)}</p>
`
    case 'note':
      return html`<div class="note" role="note"><p>${proseHtml(block.prose, names)}</p></div>
`
    case 'figure':
      return figureHtml(block, names, dom)
    case 'gallery':
      return galleryHtml(block.figures, names, dom)
    case 'table':
      return html`<figure class="table" id="${block.id}">
${captionHtml(block.id, block.caption, names)}<div class="scroll" tabindex="0" role="group" aria-label="${names.get(block.id)}">${tableHtml(block.table)}</div>
</figure>
`
    case 'code':
      return codeHtml(block.label, block.text)
    case 'details':
      return html`<details><summary>${block.summary}</summary>
${block.blocks.map((inner) => blockHtml(inner, names, dom))}</details>
`
    default:
      return block satisfies never
  }
}

/** One line is a command to be copied and wraps; many lines are a table of characters and scroll. */
function codeHtml(label: string, text: string): Html {
  const pre = html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>`
  return text.includes('\n')
    ? html`${pre}
`
    : html`<div class="command">${pre}</div>
`
}

function galleryHtml(figures: readonly Figure[], names: Names, dom: Document): Html {
  const widest = greatest(figures.flatMap(({ panels }) => panels.map(panelWidth)))
  return html`<div class="gallery${widest > 560 ? ' large' : ''}">
${figures.map((figure) => figureHtml(figure, names, dom))}</div>
`
}

const panelWidth = (panel: Panel) => (panel.type === 'plot' ? Number(panel.svg.getAttribute('width')) : 0)

function figureHtml({ id, caption, panels }: Figure, names: Names, dom: Document): Html {
  const number =
    panels.length === 1
      ? ' one'
      : panels.length % 3 === 0 && panels.every((p) => panelWidth(p) < 400)
        ? ' three'
        : ''
  const tight = panels.length <= 3 ? html` class="tight"` : ''
  return html`<figure id="${id}"${tight}>
<div class="panels${number}">${panels.map((panel) => panelHtml(panel, dom))}</div>
${captionHtml(id, caption, names)}</figure>
`
}

function captionHtml(id: string, caption: Prose, names: Names): Html {
  return html`<figcaption><b>${names.get(id)}.</b> ${proseHtml(caption, names)}</figcaption>
`
}

function panelHtml(panel: Panel, dom: Document): Html {
  if (panel.type === 'images') return tilesHtml(panel.grid, dom)
  if (panel.narrow === undefined) return raw(serialize(panel.svg))
  return html`<div class="wide">${raw(serialize(panel.svg))}</div><div class="narrow">${raw(serialize(panel.narrow))}</div>`
}

/** Images flow into as many columns as there is room for; the sprite stands once on the page. */
function tilesHtml(grid: ImageGrid, dom: Document): Html {
  const { width, height } = grid.sprite.tile
  const tiles = grid.labels.map(({ lines }, i) => {
    const { x, y } = tileCorner(grid.sprite, i)
    return html`<li><svg viewBox="${x} ${y} ${width} ${height}" aria-hidden="true"><use href="#${grid.id}"/></svg>${lines.map((line) => html`<span>${line}</span>`)}</li>
`
  })
  return html`<svg class="store" aria-hidden="true">${raw(serialize(spriteElement(dom, grid)))}</svg>
<ul class="tiles" style="--tile:${Math.min(grid.tileWidth, width > 2 * height ? 150 : 96)}px;--columns:${grid.columns}" aria-label="${grid.title}">
${tiles}</ul>`
}

const proseHtml = (prose: Prose, names: Names): Html[] => phraseHtml(piecesOf(prose), names)

const phraseHtml = (phrase: Phrase, names: Names): Html[] => phrase.map((piece) => inlineHtml(piece, names))

function inlineHtml(piece: Inline, names: Names): Html {
  if (typeof piece === 'string') return html`${piece}`
  switch (piece.type) {
    case 'strong':
      return html`<strong>${piece.text}</strong>`
    case 'code':
      return html`<code>${piece.text}</code>`
    case 'reference':
      return html`<a href="#${piece.to}">${names.get(piece.to) ?? piece.to}</a>`
    case 'aside':
      return html` (${phraseHtml(piece.phrase, names)})`
    default:
      return piece satisfies never
  }
}
