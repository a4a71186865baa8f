import {
  type Block,
  numberBlocks,
  type Phrase,
  type Prose,
  phrase,
  piecesOf,
  type ReportDocument,
  strong,
} from '../document.ts'
import { type Canvas, rectangle } from './canvas.ts'
import { drawingSize } from './drawing.ts'
import { type Pictures, panelsItem } from './figure.ts'
import type { Fonts } from './fonts.ts'
import { geometry, muted, rule, theme, type } from './look.ts'
import { columnWidth, type Flow, fullWidth, type Item } from './pages.ts'
import { BASELINE, type ParagraphLook, paragraphItems, solid } from './paragraph.ts'
import { setTable, tableWidths } from './table.ts'

/** What setting a document needs beside it. */
export interface Press {
  readonly fonts: Fonts
  readonly pictures: Pictures
  /** Told of every heading when it is drawn. */
  readonly onHeading: (title: string, page: number, y: number) => void
}

type Names = ReadonlyMap<string, string>

/** A document as items for the page: title and abstract over both columns, then section by section. */
export function flowOf(report: ReportDocument, press: Press): Flow[] {
  const [found, ...sections] = report.sections
  const figures = found?.blocks.filter(({ type: kind }) => kind !== 'paragraph') ?? []
  const all = sections.map((section, i) =>
    i === 0 ? { ...section, blocks: [...figures, ...section.blocks] } : section,
  )
  const names = numberBlocks(all)
  const front: Item = solid(frontItems(report, found?.blocks ?? [], names, press), 0)
  return [
    { type: 'wide', item: front },
    ...all.flatMap(({ title, blocks }, i): Flow[] => [
      { type: 'column', item: headingItem(`${i + 1}`, title, press) },
      ...blocks.flatMap((block, k) =>
        blockFlow(block, names, { ...press, isAfterFigure: isSetApart(blocks[k - 1]) }),
      ),
    ]),
  ]
}

/** Title, subtitle, warnings and abstract. */
function frontItems(report: ReportDocument, found: readonly Block[], names: Names, press: Press): Item[] {
  const { fonts } = press
  const width = fullWidth(geometry)
  const line = (text: Phrase, look: Partial<ParagraphLook> & Pick<ParagraphLook, 'size' | 'leading'>) =>
    paragraphItems(text, { fonts, names, width, before: 0, isJustified: false, ...look })
  const abstract = found.flatMap((block) => (block.type === 'paragraph' ? [block.prose] : []))
  const joined = piecesOf(abstract.flat())
  return [
    ...line([strong(report.title)], type.title),
    ...line([report.subtitle], { ...type.subtitle, fill: muted, before: 2 }),
    ...report.warnings.flatMap((warning) =>
      line([warning], { ...type.caption, before: 6, fill: muted, isJustified: true }),
    ),
    ...line(phrase`${strong('Abstract.')} ${joined}`, { ...type.body, before: 9, isJustified: true }),
    rulerItem(width),
  ]
}

const rulerItem = (width: number): Item => ({
  height: 1,
  before: 9,
  keeps: false,
  draw: (canvas, x, y) =>
    canvas.path(rectangle(x, y, width, 0.5), { color: theme.muted, opacity: 1 }, undefined),
})

function headingItem(number: string, title: string, { fonts, onHeading }: Press): Item {
  const { size, leading } = type.heading
  const indent = fonts.width(number, 'bold', size) + 11
  const look = { fonts, names: new Map(), size, leading, width: columnWidth(geometry), before: 0, indent }
  const lines = solid(paragraphItems([strong(title)], { ...look, isJustified: false }), 0)
  return {
    height: lines.height + 2,
    before: 12,
    keeps: true,
    draw(canvas, x, y, page) {
      onHeading(title, page, y)
      canvas.text(number, x, y + size * BASELINE, { style: 'bold', size, fill: muted })
      lines.draw(canvas, x, y, page)
    },
  }
}

/** Text keeps a distance from what is no text. */
const isSetApart = (block: Block | undefined) =>
  block !== undefined && block.type !== 'paragraph' && block.type !== 'note'

function blockFlow(block: Block, names: Names, press: Press & { readonly isAfterFigure: boolean }): Flow[] {
  const { fonts } = press
  const width = columnWidth(geometry)
  const apart = press.isAfterFigure ? 9 : 4
  const column = (items: readonly Item[]) => items.map((item): Flow => ({ type: 'column', item }))
  switch (block.type) {
    case 'paragraph':
      return column(
        paragraphItems(piecesOf(block.prose), { fonts, names, width, before: apart, ...type.body }),
      )
    case 'note':
      return column(
        paragraphItems(piecesOf(block.prose), {
          fonts,
          names,
          width,
          before: apart,
          ...type.caption,
          indent: 10,
        }),
      )
    case 'figure': {
      const isWide = block.panels.length > 1 || isLargeGrid(block) || isWidePlot(block)
      const measure = isWide ? fullWidth(geometry) : width
      const panels = panelsItem(block.panels, measure, press)
      if (panels === undefined) return []
      const caption = captionItems(names.get(block.id) ?? '', block.caption, names, measure, fonts)
      return [setApart(isWide, solid([panels, ...caption], 9))]
    }
    case 'table': {
      const { most, least } = tableWidths(block.table, fonts)
      const isWide = least > width || most > width * 1.3
      const measure = isWide ? fullWidth(geometry) : width
      const scale = Math.min(1, measure / least)
      if (scale < SMALLEST) return []
      const table = setTable(block.table, fonts, measure / scale)
      const caption = captionItems(names.get(block.id) ?? '', block.caption, names, measure, fonts)
      const body: Item = {
        height: table.height * scale,
        before: 4,
        keeps: false,
        draw: scaled(table.draw, scale),
      }
      return [setApart(isWide, solid([...caption, body], 9))]
    }
    case 'code':
      return block.text.includes('\n') ? [] : column([commandItem(block.text, width, fonts)])
    case 'gallery':
      return block.figures.flatMap((figure) => blockFlow(figure, names, press))
    case 'details':
      return []
    default:
      return block satisfies never
  }
}

/** A figure or table: over both columns, or in one of them, where text may run on before it. */
const setApart = (isWide: boolean, item: Item): Flow =>
  isWide ? { type: 'wide', item } : { type: 'column', item: { ...item, floats: true } }

/** In one column the text of such a drawing could not be read. */
const isWidePlot = ({ panels: [panel] }: Extract<Block, { type: 'figure' }>) =>
  panel?.type === 'plot' && panel.narrow === undefined && drawingSize(panel.svg).width > 520

/** Images with labels of two lines are drawn over both columns. */
const isLargeGrid = ({ panels: [panel] }: Extract<Block, { type: 'figure' }>) =>
  panel?.type === 'images' && panel.grid.labels.some((label) => label.lines.length > 1)

/** A table of many columns is made smaller, and left out where nobody could read it. */
const SMALLEST = 0.7

const scaled =
  (draw: (canvas: Canvas, x: number, y: number) => void, scale: number): Item['draw'] =>
  (canvas, x, y) =>
    scale === 1 ? draw(canvas, x, y) : canvas.within([scale, 0, 0, scale, x, y], () => draw(canvas, 0, 0))

function captionItems(name: string, caption: Prose, names: Names, width: number, fonts: Fonts): Item[] {
  const text = phrase`${strong(`${name}.`)} ${piecesOf(caption)}`
  return paragraphItems(text, { fonts, names, width, before: 3, ...type.caption, isJustified: true })
}

/** A line to be typed, on a ground of its own. */
function commandItem(text: string, width: number, fonts: Fonts): Item {
  const look = { fonts, names: new Map(), width: width - 14, before: 0, ...type.caption, isJustified: false }
  const lines = solid(paragraphItems([text], look), 0)
  return {
    height: lines.height + 8,
    before: 6,
    keeps: false,
    draw(canvas: Canvas, x, y, page) {
      canvas.path(rectangle(x, y, width, lines.height + 8), { color: theme.wash, opacity: 1 }, undefined)
      canvas.path(rectangle(x, y, 2, lines.height + 8), { color: theme.accent, opacity: 1 }, undefined)
      lines.draw(canvas, x + 9, y + 4, page)
    },
  }
}

/** The line at the foot of a page. */
export function drawFoot(canvas: Canvas, title: string, page: number, pages: number, fonts: Fonts): void {
  const { width, height, margin } = geometry
  const y = height - margin.bottom + 26
  const { size } = type.caption
  const look = { style: 'regular', size, fill: muted } as const
  const number = `${page + 1} of ${pages}`
  canvas.path(rectangle(margin.side, y - 12, fullWidth(geometry), 0.4), rule(0.4, theme.rule), undefined)
  canvas.text(title, margin.side, y, look)
  canvas.text(number, width - margin.side - fonts.width(number, 'regular', size), y, look)
}
