import { greatest } from '../base/extremes.ts'
import { drawImageGrid } from '../visualization/image-grid.ts'
import { serialize } from '../visualization/serialize.ts'
import { formatCell, type Table } from '../visualization/table.ts'
import { light, resolveVariables } from '../visualization/theme.ts'
import {
  type Block,
  type Figure,
  type Inline,
  type Panel,
  type Phrase,
  type Prose,
  piecesOf,
  type ReportDocument,
} from './document.ts'

/** The compiler carries it, so that the same document gives the same bytes wherever it is set. */
const serif = 'Libertinus Serif'
const theme = { ...light, paper: '#ffffff' }
const color = (role: 'ink' | 'muted' | 'rule' | 'wash' | 'accent') => `rgb("${theme[role]}")`

/** The width of a column in points: A4 less the margins and the gutter, halved. */
const columnWidth = (595.28 - 2 * 46 - 20) / 2

/** How everything looks: A4 in two columns, 9.2 points on 11.9. */
const look = `
#set page(paper: "a4", columns: 2, margin: (x: 46pt, top: 54pt, bottom: 58pt))
#set columns(gutter: 20pt)
#set text(font: ("${serif}", "New Computer Modern Math"), size: 9.2pt, lang: "en", fill: ${color('ink')})
#set par(justify: true, leading: 0.52em, spacing: 0.75em)
#set heading(numbering: "1")
#show heading: set text(size: 11.5pt)
#show heading: set block(above: 1.3em, below: 0.7em)
#show title: set text(size: 19pt)
#show title: set par(justify: false)
#show title: set block(below: 8pt)
#show raw: set text(font: "DejaVu Sans Mono", size: 1em)
#set place(clearance: 1.4em)
#set figure(gap: 0.6em)
#show figure.caption: set align(left)
#show figure.caption: set text(size: 7.9pt)
#show figure.caption: it => [*#it.supplement #context it.counter.display(it.numbering).* #it.body]
#show figure.where(kind: table): set figure.caption(position: top)
#show table: set text(size: 7.9pt, number-width: "tabular")
#show table: set par(justify: false)
#show table.header: set text(fill: ${color('muted')})
#set table(inset: (x: 4pt, y: 2.6pt), stroke: (_, y) => (bottom: if y == 0 { 0.5pt + ${color('muted')} } else { 0.4pt + ${color('rule')} }))
#let note(body) = block(inset: (left: 10pt), stroke: (left: 1pt + ${color('rule')}), text(size: 7.9pt, body))
#let foot(title) = block(width: 100%, inset: (top: 5pt), stroke: (top: 0.4pt + ${color('rule')}), text(size: 7.9pt, fill: ${color('muted')})[#title #h(1fr) #context counter(page).display("1 of 1", both: true)])
#let command(body) = block(width: 100%, inset: 6pt, fill: ${color('wash')}, stroke: (left: 2pt + ${color('accent')}), { set par(justify: false); body })
`

/** A document as the source of a paper in Typst: its first section is the abstract, over both columns. */
export function toTypst(report: ReportDocument, dom: Document): string {
  const [found, ...sections] = report.sections
  const abstract = found?.blocks.flatMap((block) => (block.type === 'paragraph' ? block.prose : [])) ?? []
  const shown = found?.blocks.filter(({ type }) => type !== 'paragraph') ?? []
  return [
    `#set document(title: ${literal(report.title)}, description: ${literal(report.subtitle)}, date: none)`,
    look,
    `#set page(footer: foot[${words(report.title)}])`,
    `#place(top, scope: "parent", float: true, block(width: 100%)[`,
    `#title()`,
    `#text(fill: ${color('muted')})[${words(report.subtitle)}]`,
    ...report.warnings.map((warning) => `#note[${words(warning)}]`),
    `*Abstract.* ${proseTypst(abstract)}`,
    `#v(4pt) #line(length: 100%, stroke: 0.5pt + ${color('muted')})`,
    `])`,
    ...shown.map((block) => blockTypst(block, dom)),
    ...sections.flatMap(({ title, blocks }) => [
      `#heading[${words(title)}]`,
      ...blocks.map((block) => blockTypst(block, dom)),
    ]),
  ].join('\n\n')
}

/** A string of Typst's. */
const literal = (text: string) => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
/** Text as it is, whatever marks of Typst's it has. */
const words = (text: string) => `#${literal(text)};`
const label = (id: string) => `label(${literal(id)})`

function blockTypst(block: Block, dom: Document): string {
  switch (block.type) {
    case 'paragraph':
      return proseTypst(block.prose)
    case 'note':
      return `#note[${proseTypst(block.prose)}]`
    case 'figure':
      return figureTypst(block, dom)
    case 'gallery':
      return block.figures.map((figure) => figureTypst(figure, dom)).join('\n\n')
    case 'table':
      return float(
        block,
        'table',
        isWideTable(block.table),
        `block(width: 100%, align(left, ${tableTypst(block.table)}))`,
      )
    case 'code':
      return `#command(${commandTypst(block.text)})`
    case 'details':
      return block.blocks.map((inner) => blockTypst(inner, dom)).join('\n\n')
    default:
      return block satisfies never
  }
}

/** Lines break at spaces only: `--seed` stays whole, unless it is longer than any line. */
const commandTypst = (text: string) =>
  text
    .split(' ')
    .map((word) => (word.length < 40 ? `box(raw(${literal(word)}))` : `raw(${literal(word)})`))
    .join(' + [ ] + ')

/** What stands apart from the text, with its caption: in a column or over both, wherever there is room. */
const float = (
  { id, caption }: { readonly id: string; readonly caption: Prose },
  kind: 'image' | 'table',
  isWide: boolean,
  body: string,
) =>
  `#figure(kind: ${kind}, supplement: "${kind === 'image' ? 'Figure' : 'Table'}", placement: auto, scope: "${isWide ? 'parent' : 'column'}", caption: [${proseTypst(caption)}], ${body}) #${label(id)}`

/** In one column the text of a wider drawing could not be read. */
const WIDEST = 520
/** Drawings are never set larger than this many points a pixel. */
const LARGEST = 0.75

function figureTypst(figure: Figure, dom: Document): string {
  const drawings = figure.panels.map((panel) => drawingOf(panel, figure.panels.length === 1, dom))
  const isWide = drawings.length > 1 || drawings.some(({ width }) => width > WIDEST)
  const perRow = drawings.length % 3 === 0 ? 3 : Math.min(2, drawings.length)
  const room = ((isWide ? 2 * columnWidth + 20 : columnWidth) - 14 * (perRow - 1)) / Math.max(1, perRow)
  const images = drawings.map(({ svg, width, description }) => {
    const points = Math.min(room, width * LARGEST)
    return `image(bytes(${literal(svg)}), format: "svg", width: ${points.toFixed(2)}pt, alt: ${literal(description)})`
  })
  return float(
    figure,
    'image',
    isWide,
    `grid(columns: ${perRow}, gutter: 14pt, row-gutter: 8pt, ${images.join(', ')})`,
  )
}

interface Drawing {
  readonly svg: string
  readonly width: number
  readonly description: string
}

/** A panel as it is drawn on paper; one that stands alone takes its form for narrow places. */
function drawingOf(panel: Panel, isAlone: boolean, dom: Document): Drawing {
  const svg =
    panel.type === 'images' ? drawGrid(panel, dom) : ((isAlone ? panel.narrow : undefined) ?? panel.svg)
  return {
    svg: resolveVariables(serialize(svg), theme).replaceAll('system-ui', serif),
    width: Number(svg.getAttribute('width')),
    description: panel.title,
  }
}

/** Images with one short line each are set closer, so that a column holds them. */
function drawGrid({ grid }: Extract<Panel, { type: 'images' }>, dom: Document): SVGSVGElement {
  const isShort = grid.labels.every(({ lines }) => lines.length < 2)
  return drawImageGrid(dom, isShort ? { ...grid, columns: Math.min(8, grid.columns), tileWidth: 48 } : grid)
}

/** A column holds about so many characters of a table's size. */
const CHARACTERS = 62

/** Whether a table wants both columns: where even its longest words do not fit into one, or its text would wrap a lot. */
function isWideTable({ columns, rows }: Table): boolean {
  const widths = columns.map(({ title, format, align }, c) => {
    const cells = rows.map((row) => formatCell(row[c], format))
    const longestWord = (text: string) => greatest(text.split(' ').map((word) => word.length))
    return {
      least: Math.max(
        longestWord(title),
        ...cells.map((cell) => (align === 'right' ? cell.length : longestWord(cell))),
      ),
      most: Math.max(longestWord(title), ...cells.map((cell) => cell.length)),
    }
  })
  const sum = (of: 'least' | 'most') => widths.reduce((total, width) => total + width[of] + 2, 0)
  return sum('least') > CHARACTERS || sum('most') > 1.3 * CHARACTERS
}

function tableTypst({ columns, rows, highlight }: Table): string {
  const head = columns.map(({ title }) => `[${words(title)}]`)
  const body = rows.flatMap((row, r) =>
    row.map((value, c) => {
      const text = literal(formatCell(value, columns[c].format))
      const cell = columns[c].format.type === 'code' ? `raw(${text})` : `text(${text})`
      return r === highlight ? `table.cell(fill: ${color('wash')}, strong(${cell}))` : cell
    }),
  )
  const align = columns.map((column) => `${column.align} + bottom`)
  return `table(columns: ${columns.length}, align: (${align.join(', ')},), table.header(${head.join(', ')}), ${body.join(', ')})`
}

const proseTypst = (prose: Prose): string => phraseTypst(piecesOf(prose))
const phraseTypst = (phrase: Phrase): string => phrase.map(inlineTypst).join('')

function inlineTypst(piece: Inline): string {
  if (typeof piece === 'string') return words(piece)
  switch (piece.type) {
    case 'strong':
      return `#strong[${words(piece.text)}]`
    case 'code':
      return `#raw(${literal(piece.text)})`
    case 'reference':
      return `#ref(${label(piece.to)})`
    case 'aside':
      return ` (${phraseTypst(piece.phrase)})`
    default:
      return piece satisfies never
  }
}
