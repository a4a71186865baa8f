import { toMarkdown } from '../../document/to-markdown.ts'
import type { DatasetRecord } from '../../record/dataset.ts'
import { writeFiles } from '../../record/files.ts'
import { serverDocument } from '../../visualization/server.ts'
import { data } from './sections/data.ts'

/** Writes what a report says and shows of a dataset, `data.md` and its figures, into a directory; returns the paths. */
export async function writeDataFigures(dataset: DatasetRecord, directory: string): Promise<string[]> {
  const dom = serverDocument()
  const section = await data({ dataset }, dom)
  const report = { title: dataset.title, subtitle: dataset.source, warnings: [], sections: [section] }
  const { markdown, files } = toMarkdown(report, dom)
  return writeFiles(directory, new Map<string, Uint8Array | string>([['data.md', markdown], ...files]))
}
