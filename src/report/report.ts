import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StudyRecord } from '../record/study.ts'
import { serverDocument } from '../visualization/server.ts'
import { compose } from './compose.ts'
import { toHtml } from './to-html.ts'
import { type MarkdownReport, toMarkdown } from './to-markdown.ts'

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

/** Writes files by their paths within a directory; returns the whole paths. */
export async function writeFiles(
  directory: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<string[]> {
  for (const [path, content] of files) await replaceFile(join(directory, path), content)
  return [...files.keys()].map((path) => join(directory, path))
}

/** A reader finds the old file or the new one, never half of it. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${process.pid}.new`
  try {
    await writeFile(beside, content)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
