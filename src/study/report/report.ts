import { join } from 'node:path'
import type { Dataset } from '../../data/dataset.ts'
import { toHtml } from '../../document/to-html.ts'
import { type MarkdownReport, toMarkdown } from '../../document/to-markdown.ts'
import { toPdf } from '../../document/to-pdf.ts'
import { writeFiles } from '../../record/files.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { StudyRecord } from '../record.ts'
import { compose } from './compose.ts'

/** The study as one page that needs no network and no file beside it. */
export async function renderHtml(study: StudyRecord, images?: Dataset): Promise<string> {
  const dom = serverDocument()
  return toHtml(await compose(study, { dom, images }), dom)
}

/** The study for a repository: Markdown, and the figures that it shows by relative path. */
export async function renderMarkdown(study: StudyRecord, images?: Dataset): Promise<MarkdownReport> {
  const dom = serverDocument()
  return toMarkdown(await compose(study, { dom, images }), dom)
}

/** The study as a paper of at most five pages of A4. */
export async function renderPdf(study: StudyRecord, images?: Dataset): Promise<Uint8Array> {
  const dom = serverDocument()
  return toPdf(await compose(study, { dom, images }), dom)
}

/** Writes the paper into a directory; returns its path. */
export async function writePdf(study: StudyRecord, directory: string, images?: Dataset): Promise<string> {
  const [path] = await writeFiles(directory, new Map([['report.pdf', await renderPdf(study, images)]]))
  return path
}

/** Writes `report.html`, `report.md` and `figures/` into a directory, each file beside its place and then renamed. */
export async function writeReport(
  study: StudyRecord,
  dir: string,
  images?: Dataset,
): Promise<{ html: string; markdown: string }> {
  const dom = serverDocument()
  const report = await compose(study, { dom, images })
  const { markdown, files } = toMarkdown(report, dom)
  files.set('report.md', markdown).set('report.html', toHtml(report, dom))
  await writeFiles(dir, files)
  return { html: join(dir, 'report.html'), markdown: join(dir, 'report.md') }
}
