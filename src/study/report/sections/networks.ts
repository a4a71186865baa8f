import {
  type Block,
  offPaper,
  paragraph,
  reference,
  type Section,
  sentence,
  withRank,
} from '../../../document/document.ts'
import { summaryTable } from '../../../model/summary.ts'
import { counted } from '../../../visualization/format.ts'
import { column, type Table } from '../../../visualization/table.ts'
import type { NetworkRecord, StudyRecord } from '../../record.ts'
import { REST, splitSettings } from '../settings.ts'

/** The architectures with their sizes and settings; the layer tables are folded. */
export function networks(study: StudyRecord): Section {
  const blocks: Block[] = [
    paragraph(
      sentence`${reference('architectures')} lists the networks and the settings in which they differ.`,
      sentence`What all share stands once, in ${reference('shared-settings')}.`,
    ),
    {
      type: 'table',
      id: 'architectures',
      rank: 3,
      caption: [sentence`The networks.`],
      table: architectureTable(study),
    },
    {
      type: 'table',
      id: 'shared-settings',
      rank: 6,
      caption: [sentence`Settings that all networks share.`],
      table: sharedTable(study),
    },
    paragraph(withRank(offPaper, sentence`The layer tables follow.`)),
    ...study.networks.map(layerTable),
  ]
  return { id: 'networks', rank: 1, title: 'Networks', blocks }
}

function architectureTable({ networks: all }: StudyRecord): Table {
  // Recipes are long, and have a table of their own.
  const { different, rowOf } = splitSettings(all)
  const own = different.filter((name) => name !== REST)
  return {
    columns: [
      column.text('Network'),
      column.text('Kind'),
      column.number('Parameters', { type: 'integer' }),
      ...own.map((name) => column.text(name)),
      { ...column.text('Run'), rank: offPaper }, // a paper has no folders beside it
    ],
    rows: all.map((network) => [
      network.title,
      network.kind.toUpperCase(),
      network.parameters,
      ...rowOf(network, own),
      network.run,
    ]),
  }
}

function sharedTable({ networks: all }: StudyRecord): Table {
  return {
    columns: [column.text('Setting'), column.text('Value')],
    rows: splitSettings(all).shared.map(({ name, value }) => [name, value]),
  }
}

function layerTable(network: NetworkRecord): Block {
  const layers = {
    type: 'code',
    label: `Layers of ${network.title}`,
    rank: offPaper,
    text: summaryTable(network.model),
  } as const
  const summary = `Layers of ${network.title}: ${counted(network.parameters, 'parameter')}`
  return { type: 'details', summary, blocks: [layers] }
}
