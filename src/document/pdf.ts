import { dirname } from 'node:path'
import { makeDirectory } from '../base/directory.ts'
import { writeWhole } from '../record/files.ts'
import type { StudyRecord } from '../study/record.ts'
import { compose } from '../study/report/compose.ts'
import { serverDocument } from '../visualization/server.ts'
import type { ReportDocument } from './document.ts'
import { type Canvas, newCanvas } from './pdf/canvas.ts'
import { drawFoot, flowOf } from './pdf/flow.ts'
import { openFonts } from './pdf/fonts.ts'
import { geometry } from './pdf/look.ts'
import { type Placed, pageCount, paginate } from './pdf/pages.ts'
import { levels, select } from './pdf/select.ts'
import { type Bookmark, type Picture, writeDocument } from './pdf/writer.ts'

/** The hand-in of the reference study: no more than this. */
export const MOST_PAGES = 5

/** A study as a paper of at most five pages of A4: what it has room for, the least needed left out first. */
export async function renderPdf(study: StudyRecord): Promise<Uint8Array> {
  const report = await compose(study, serverDocument())
  const fonts = openFonts()
  for (const level of levels) {
    const paper = set(select(report, study, level), fonts)
    const pages = pageCount(paper.placed)
    if (pages <= MOST_PAGES || level === levels[levels.length - 1])
      return print(report, study, paper, Math.min(pages, MOST_PAGES), fonts)
  }
  throw new Error('There is no level at which a paper is printed.')
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

function print(
  report: ReportDocument,
  study: StudyRecord,
  paper: Paper,
  pages: number,
  fonts: Fonts,
): Uint8Array {
  const canvases = Array.from({ length: pages }, (): Canvas => newCanvas(fonts, geometry.height))
  for (const { item, page, x, y } of paper.placed) {
    if (page < pages) item.draw(canvases[page], x, y, page)
  }
  canvases.forEach((canvas, page) => {
    drawFoot(canvas, report.title, page, pages, fonts)
  })
  return writeDocument({
    about: { title: report.title, subject: report.subtitle, createdAt: study.createdAt },
    size: geometry,
    pages: canvases,
    bookmarks: paper.bookmarks,
    fonts,
    pictures: [...paper.pictures.values()],
  })
}

/** Writes the paper beside its place and renames it. */
export async function writePdf(study: StudyRecord, path: string): Promise<string> {
  const paper = await renderPdf(study)
  await makeDirectory(dirname(path))
  await writeWhole(path, paper)
  return path
}
