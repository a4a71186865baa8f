import { join } from 'node:path'
import type { Block, Figure, ReportDocument } from '../document/document.ts'
import { sentence } from '../document/document.ts'
import { toMarkdown } from '../document/to-markdown.ts'
import { monitors } from '../recipe/early-stopping.ts'
import { writeFiles } from '../record/files.ts'
import { decimal, duration, integer, percent } from '../visualization/format.ts'
import { serverDocument } from '../visualization/server.ts'
import { column } from '../visualization/table.ts'
import { drawSlice } from './figures/slices.ts'
import { drawTimeline, timelineHeight, timelineRows } from './figures/timeline.ts'
import { metricTitle } from './figures/values.ts'
import { type SearchRecord, varying } from './record.ts'
import { search } from './section.ts'

/** The name of the page that stands beside a search's results. */
const PAGE = 'search.md'

/** Writes `search.md` and its figures beside the results; returns the page's path. */
export async function writeSearchReport(record: SearchRecord, directory: string): Promise<string> {
  const dom = serverDocument()
  const { markdown, files } = toMarkdown(searchDocument(record, dom), dom)
  await writeFiles(directory, files.set(PAGE, markdown))
  return join(directory, PAGE)
}

/**
 * A search by itself: what a study's report says of it, between the settings that repeat it and what only somebody who
 * goes on searching wants to see, each parameter and each worker.
 */
export function searchDocument(record: SearchRecord, dom: Document): ReportDocument {
  const { name, dataset, createdAt, trials } = record
  const found = search({ name: 'search', title: 'What was found', note: '', search: record }, dom)
  const hasValues = trials.some(({ value }) => value !== null)
  const files = sentence`All trials: results.csv and results.json; journal.log opens in optuna-dashboard.`
  return {
    title: `Search in the space ${name}: ${dataset}`,
    subtitle: createdAt.slice(0, 10),
    warnings: [],
    sections: [
      { ...found, blocks: [settings(record), ...found.blocks, { type: 'paragraph', prose: [files] }] },
      ...(hasValues
        ? [
            {
              id: 'parameters',
              rank: 0,
              title: 'Parameter by parameter',
              blocks: varying(record.axes).map((axis) => slice(record, axis.name, dom)),
            },
            { id: 'workers', rank: 0, title: 'What each worker did when', blocks: [timeline(record, dom)] },
          ]
        : []),
    ],
  }
}

function settings(record: SearchRecord): Block {
  const { command, sampler, pruner, seed, counts, stopReason, trainingSeconds, best } = record
  const unfinished = counts.unfinished === 0 ? '' : `, ${integer(counts.unfinished)} unfinished`
  const rows = [
    ['Command', command],
    ['Sampler, pruner, seed', `${sampler}, ${pruner}, ${seed}`],
    [
      'Trials',
      `${counts.complete} complete, ${counts.pruned} pruned, ${counts.failed} failed${unfinished} (stopped by: ${stopReason})`,
    ],
    ['Training, added up', duration(trainingSeconds)],
    ...(best === undefined ? [] : [[metricTitle(record), bestValue(record, best)]]),
  ]
  return {
    type: 'table',
    id: 'search-settings',
    rank: 0,
    caption: [sentence`What was searched, and the value of the best trial.`],
    table: { columns: [column.text('What'), column.text('Value')], rows },
  }
}

/** A value with half its 95 % interval over seeds: percentage points of an accuracy, nats of a loss. */
function bestValue(
  { metric }: SearchRecord,
  { value, ci95HalfWidth }: NonNullable<SearchRecord['best']>,
): string {
  const { isShare } = monitors[metric]
  const text = isShare ? percent(value, 2) : decimal(value, 4)
  if (ci95HalfWidth === undefined) return text
  return `${text} ± ${isShare ? decimal(100 * ci95HalfWidth, 2) : decimal(ci95HalfWidth, 4)} (95 %)`
}

function slice(record: SearchRecord, name: string, dom: Document): Figure {
  const title = `Trials along ${name}`
  const svg = drawSlice(dom, record, name, { title, description: title, width: 340, height: 220 })
  const id = `slice-${name.replace(/[^\w.-]+/g, '-')}`
  return {
    type: 'figure',
    id,
    rank: 0,
    caption: [sentence`${title}.`],
    panels: [{ type: 'plot', name: id, title, svg }],
  }
}

function timeline(record: SearchRecord, dom: Document): Figure {
  const title = 'What each worker did when'
  const workers = new Set(timelineRows(record).map(({ worker }) => worker)).size
  const size = { width: 760, height: timelineHeight(workers) }
  const svg = drawTimeline(dom, record, { title, description: title, ...size })
  const panels = [{ type: 'plot', name: 'timeline', title, svg } as const]
  return {
    type: 'figure',
    id: 'timeline',
    rank: 0,
    caption: [sentence`A bar for every trial, a row for every worker.`],
    panels,
  }
}
