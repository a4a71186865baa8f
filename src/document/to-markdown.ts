import { drawImageGrid } from '../visualization/image-grid.ts'
import { serialize } from '../visualization/serialize.ts'
import { escapeMarkdown, markdownCode, tableMarkdown } from '../visualization/table.ts'
import { light, resolveVariables } from '../visualization/theme.ts'
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

type Names = ReadonlyMap<string, string>

/** Markdown with the files that it shows: paths relative to it. */
export interface MarkdownReport {
  readonly markdown: string
  readonly files: Map<string, Uint8Array | string>
}

/** A document for a repository: text as Markdown, every drawing a file beside it. */
export function toMarkdown(report: ReportDocument, dom: Document): MarkdownReport {
  const names = numberBlocks(report.sections)
  const files = new Map<string, Uint8Array | string>()
  const write = (block: Block): string => blockMarkdown(block, names, (panel) => keep(panel, files, dom))
  const sections = report.sections.map(({ title, blocks }, i) =>
    [`## ${i + 1}. ${escapeMarkdown(title)}`, ...blocks.map(write)].join('\n\n'),
  )
  const warnings = report.warnings.map((warning) => `> **Note:** ${escapeMarkdown(warning)}`)
  const head = [`# ${escapeMarkdown(report.title)}`, escapeMarkdown(report.subtitle), ...warnings]
  return { markdown: `${[...head, ...sections].join('\n\n')}\n`, files }
}

function keep(panel: Panel, files: Map<string, Uint8Array | string>, dom: Document): string {
  const path = `figures/${fileName(panel.name)}.svg`
  files.set(path, standalone(panel.type === 'plot' ? panel.svg : drawImageGrid(dom, panel.grid)))
  return path
}

/** A name that every file system and address takes as it is. */
const fileName = (name: string) => name.replace(/[^\w.-]+/g, '-').replace(/^[-.]+/, '') || 'figure'

const margin = 12

/** A drawing that stands on its own paper in its own colors: viewers of files know no style sheet. */
export function standalone(svg: SVGSVGElement): string {
  const [width, height] = ['width', 'height'].map((name) => Number(svg.getAttribute(name)) + 2 * margin)
  const box = { x: -margin, y: -margin, width, height }
  const text = resolveVariables(serialize(svg), light)
    .replace(/ viewBox="[^"]*"/, ` viewBox="${Object.values(box).join(' ')}"`)
    .replace(/ width="[^"]*"/, ` width="${width}"`)
    .replace(/ height="[^"]*"/, ` height="${height}"`)
  const paper = Object.entries(box).map(([name, value]) => ` ${name}="${value}"`)
  return text.replace(/>/, `><rect${paper.join('')} fill="${light.paper}"/>`)
}

function blockMarkdown(block: Block, names: Names, keepPanel: (panel: Panel) => string): string {
  switch (block.type) {
    case 'paragraph':
      return proseMarkdown(block.prose, names)
    case 'note':
      return `> ${proseMarkdown(block.prose, names)}`
    case 'figure':
      return figureMarkdown(block, names, keepPanel)
    case 'gallery':
      return block.figures.map((figure) => figureMarkdown(figure, names, keepPanel)).join('\n\n')
    case 'table':
      return `${captionMarkdown(block.id, block.caption, names)}\n\n${tableMarkdown(block.table)}`
    case 'code':
      return fenced(block.text)
    case 'details':
      return [
        `**${escapeMarkdown(block.summary)}**`,
        ...block.blocks.map((b) => blockMarkdown(b, names, keepPanel)),
      ].join('\n\n')
    default:
      return block satisfies never
  }
}

function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

function figureMarkdown(
  { id, caption, panels }: Figure,
  names: Names,
  keepPanel: (panel: Panel) => string,
): string {
  const images = panels.map((panel) => `![${escapeMarkdown(panel.title)}](${keepPanel(panel)})`)
  return `${images.join('\n')}\n\n${captionMarkdown(id, caption, names)}`
}

const captionMarkdown = (id: string, caption: Prose, names: Names) =>
  `**${names.get(id)}.** ${proseMarkdown(caption, names)}`

const proseMarkdown = (prose: Prose, names: Names): string => phraseMarkdown(piecesOf(prose), names)

const phraseMarkdown = (phrase: Phrase, names: Names): string =>
  phrase.map((piece) => inlineMarkdown(piece, names)).join('')

function inlineMarkdown(piece: Inline, names: Names): string {
  if (typeof piece === 'string') return escapeMarkdown(piece)
  switch (piece.type) {
    case 'strong':
      return `**${escapeMarkdown(piece.text)}**`
    case 'code':
      return markdownCode(piece.text)
    case 'reference':
      return names.get(piece.to) ?? piece.to
    case 'aside':
      return ` (${phraseMarkdown(piece.phrase, names)})`
    default:
      return piece satisfies never
  }
}
