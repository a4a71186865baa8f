import { toHtml } from '../../document/to-html.ts'
import { toMarkdown } from '../../document/to-markdown.ts'
import type { DatasetRecord } from '../../record/dataset.ts'
import { writeFiles } from '../../study/report/report.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { AuditRecord } from './record.ts'
import { audit } from './section.ts'

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
