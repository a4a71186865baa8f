import { type Block, code, paragraph, reference, type Section, sentence } from '../../../document/document.ts'
import { counted } from '../../../visualization/format.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { StudyRecord } from '../../record.ts'

/** The last page: where and how it ran, the hashes that prove a repetition, and the line that repeats it. */
export function repeat(study: StudyRecord): Section {
  const blocks: Block[] = [
    paragraph(
      sentence`This line repeats the study.`,
      sentence`With the same data, seed and arithmetic it ends in the weights whose hashes stand in ${reference('hashes')}, whatever the number of threads.`,
    ),
    { type: 'code', label: 'The line that repeats the study', rank: 0, text: study.command },
    {
      type: 'table',
      id: 'environment',
      rank: 0,
      caption: [sentence`Environment.`],
      table: environmentTable(study),
    },
    {
      type: 'table',
      id: 'hashes',
      rank: 8,
      caption: [sentence`SHA-256 of what went in and what came out.`],
      table: hashTable(study),
    },
    paragraph(sentence`Written ${study.createdAt} by the profile ${code(study.profile)}.`),
  ]
  return { id: 'repeat', rank: 0, title: 'To repeat it', blocks }
}

function environmentTable({ environment, engine, networks }: StudyRecord): Table {
  const { atelier, node, platform, cpu, cores, memoryBytes, gitRevision } = environment
  const unique = (values: readonly (string | number)[]) => [...new Set(values)].join(', ')
  return {
    columns: [column.text('What'), column.text('Value')],
    rows: [
      ['Atelier', atelier],
      ['Engine', `${engine.backend} (${engine.variant})`],
      ['Node', node],
      ['Platform', platform],
      ['Processor', `${cpu}, ${counted(cores, 'core')}`],
      ['Memory', `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`],
      ...(gitRevision === undefined ? [] : [['Revision', gitRevision]]),
      ['Backend', unique(networks.map((network) => network.backend))],
      ['Arithmetic', unique(networks.map((network) => network.arithmetic))],
      ['Threads', unique(networks.map((network) => network.threads))],
    ],
  }
}

function hashTable({ dataset, networks }: StudyRecord): Table {
  return {
    columns: [column.text('What'), { title: 'SHA-256', format: { type: 'code' }, align: 'left' }],
    rows: [
      [`Data: ${dataset.title}`, dataset.hash],
      ['Split', dataset.splitHash],
      ...networks.map(({ title, weightsHash }) => [`Weights: ${title}`, weightsHash]),
    ],
  }
}
