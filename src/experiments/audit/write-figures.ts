import type { Dataset } from '../../data/dataset.ts'
import { toHtml } from '../../document/to-html.ts'
import { toMarkdown } from '../../document/to-markdown.ts'
import { writeFiles } from '../../record/files.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { AuditRecord } from './record.ts'
import { auditSection } from './section.ts'

/** Writes what a report says and shows of an audit, as a page and as Markdown with figures, into a directory; returns the paths. */
export async function writeAuditFigures(
  record: AuditRecord,
  dataset: Dataset,
  directory: string,
): Promise<string[]> {
  const dom = serverDocument()
  const { title, source } = dataset
  const sections = [await auditSection(record, { dataset, images: dataset })]
  const report = { title, subtitle: source, warnings: [], sections }
  const { markdown, files } = toMarkdown(report, dom)
  const pages = [
    ['audit.html', toHtml(report, dom)],
    ['audit.md', markdown],
  ] as const
  return writeFiles(directory, new Map<string, Uint8Array | string>([...pages, ...files]))
}
