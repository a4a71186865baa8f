import type { AuditRecord } from '../record/audit.ts'
import type { DatasetRecord } from '../record/study.ts'
import { serverDocument } from '../visualization/server.ts'
import { writeFiles } from './report.ts'
import { audit } from './sections/audit.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'

/** Writes what a report says and shows of an audit, as a page and as Markdown with figures, into a directory; returns the paths. */
export async function writeAuditFigures(
  { title, source }: Pick<DatasetRecord, 'title' | 'source'>,
  record: AuditRecord,
  sizes: Pick<DatasetRecord, 'height' | 'width' | 'channels' | 'classNames'>,
  directory: string,
): Promise<string[]> {
  const dom = serverDocument()
  const report = { title, subtitle: source, warnings: [], sections: [await audit(record, sizes)] }
  const { markdown, files } = toMarkdown(report, dom)
  const pages = [
    ['audit.html', toHtml(report, dom)],
    ['audit.md', markdown],
  ] as const
  return writeFiles(directory, new Map<string, Uint8Array | string>([...pages, ...files]))
}
