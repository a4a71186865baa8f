import { dirname, join } from 'node:path'
import { makeDirectory } from '../../base/directory.ts'
import { toHtml } from '../../document/to-html.ts'
import { type MarkdownReport, toMarkdown } from '../../document/to-markdown.ts'
import { toPdf } from '../../document/to-pdf.ts'
import { writeWhole } from '../../record/files.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { StudyRecord } from '../record.ts'
import { compose } from './compose.ts'

/** The study as one page that needs no network and no file beside it. */
export async function renderHtml(study: StudyRecord): Promise<string> {
  const dom = serverDocument()
  return toHtml(await compose(study, dom), dom)
}

/** The study for a repository: Markdown, and the figures that it shows by relative path. */
export async function renderMarkdown(study: StudyRecord): Promise<MarkdownReport> {
  const dom = serverDocument()
  return toMarkdown(await compose(study, dom), dom)
}

/** The study as a paper of at most five pages of A4. */
export async function renderPdf(study: StudyRecord): Promise<Uint8Array> {
  return toPdf(await compose(study, serverDocument()))
}

/** Writes the paper into a directory; returns its path. */
export async function writePdf(study: StudyRecord, directory: string): Promise<string> {
  const [path] = await writeFiles(directory, new Map([['report.pdf', await renderPdf(study)]]))
  return path
}

/** Writes `report.html`, `report.md` and `figures/` into a directory, each file beside its place and then renamed. */
export async function writeReport(
  study: StudyRecord,
  dir: string,
): Promise<{ html: string; markdown: string }> {
  const page = await renderHtml(study)
  const { markdown, files } = await renderMarkdown(study)
  files.set('report.md', markdown).set('report.html', page)
  await writeFiles(dir, files)
  return { html: join(dir, 'report.html'), markdown: join(dir, 'report.md') }
}

/** Writes files by their paths within a directory, each beside its place and then renamed; returns the whole paths. */
export async function writeFiles(
  directory: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<string[]> {
  for (const [name, content] of files) {
    const path = join(directory, name)
    await makeDirectory(dirname(path))
    await writeWhole(path, content, { flush: false }) // what is lost can be drawn again
  }
  return [...files.keys()].map((path) => join(directory, path))
}
