import { toMarkdown } from '../../document/to-markdown.ts'
import { writeFiles } from '../../record/files.ts'
import type { SplitDataset } from '../../record/split-dataset.ts'
import { serverDocument } from '../../visualization/server.ts'
import { describeDataset } from '../describe.ts'
import { data as dataSection } from './sections/data.ts'

/** Writes what a report says and shows of a dataset, `data.md` and its figures, into a directory; returns the paths. */
export async function writeDataFigures(data: SplitDataset, directory: string): Promise<string[]> {
  const dom = serverDocument()
  const dataset = describeDataset(data, false)
  const section = await dataSection(dataset, { dom, images: data.dataset })
  const report = { title: dataset.title, subtitle: dataset.source, warnings: [], sections: [section] }
  const { markdown, files } = toMarkdown(report, dom)
  return writeFiles(directory, new Map<string, Uint8Array | string>([['data.md', markdown], ...files]))
}
