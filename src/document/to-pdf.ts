import type { ReportDocument } from './document.ts'
import { type Canvas, newCanvas } from './pdf/canvas.ts'
import { drawFoot, flowOf } from './pdf/flow.ts'
import { openFonts } from './pdf/fonts.ts'
import { geometry } from './pdf/look.ts'
import { type Placed, pageCount, paginate } from './pdf/pages.ts'
import { type Bookmark, type Picture, writeDocument } from './pdf/writer.ts'
import { ranksOf, shorten } from './shorten.ts'

/** The hand-in of the reference study: no more than this. */
export const MOST_PAGES = 5

/** A document as a paper of at most five pages of A4: what it has room for, the least needed left out first. */
export function toPdf(report: ReportDocument): Uint8Array {
  const fonts = openFonts()
  const ranks = ranksOf(report)
  for (const rank of ranks) {
    const paper = set(shorten(report, rank), fonts)
    const pages = pageCount(paper.placed)
    if (pages <= MOST_PAGES || rank === ranks[ranks.length - 1])
      return print(report, paper, Math.min(pages, MOST_PAGES), fonts)
  }
  throw new Error('There is no rank at which a paper is printed.')
}

type Fonts = ReturnType<typeof openFonts>

interface Paper {
  readonly placed: readonly Placed[]
  readonly pictures: ReadonlyMap<string, Picture>
  readonly bookmarks: Bookmark[]
}

/** Works out where everything stands. */
function set(selected: ReportDocument, fonts: Fonts): Paper {
  const pictures = new Map<string, Picture>()
  const bookmarks: Bookmark[] = []
  const onHeading = (title: string, page: number, y: number) => {
    bookmarks.push({ title, page, y })
  }
  const placed = paginate(flowOf(selected, { fonts, pictures, onHeading }), geometry)
  return { placed, pictures, bookmarks }
}

function print(report: ReportDocument, paper: Paper, pages: number, fonts: Fonts): Uint8Array {
  const canvases = Array.from({ length: pages }, (): Canvas => newCanvas(fonts, geometry.height))
  for (const { item, page, x, y } of paper.placed) {
    if (page < pages) item.draw(canvases[page], x, y, page)
  }
  canvases.forEach((canvas, page) => {
    drawFoot(canvas, report.title, page, pages, fonts)
  })
  return writeDocument({
    about: { title: report.title, subject: report.subtitle },
    size: geometry,
    pages: canvases,
    bookmarks: paper.bookmarks,
    fonts,
    pictures: [...paper.pictures.values()],
  })
}
