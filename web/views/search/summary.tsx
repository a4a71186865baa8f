import type { SearchRow } from '../../../src/catalog/search-row.ts'
import type { SearchRecord } from '../../../src/search/record.ts'
import { counted, duration, enumeration, integer } from '../../../src/visualization/format.ts'
import { hrefOf } from '../../base/router.ts'
import { type Fact, Facts } from '../../parts/facts.tsx'
import { runIdOf } from './follow.ts'
import { valueText } from './trials.ts'

interface SummaryProps {
  readonly id: string
  readonly row: SearchRow
  readonly record: SearchRecord
}

function Best({ id, record: { best, metric } }: Pick<SummaryProps, 'id' | 'record'>) {
  if (best === undefined) return <>none yet</>
  return (
    <>
      {valueText(metric, best.value)} in{' '}
      <a href={hrefOf('runs', { run: runIdOf(id, best.trial) })}>trial {best.trial}</a>
    </>
  )
}

/** What a search looks for, and how far it has come. */
export function Summary({ id, row, record }: SummaryProps) {
  const { counts } = record
  const others = [
    counts.pruned > 0 && `${integer(counts.pruned)} pruned`,
    counts.failed > 0 && `${integer(counts.failed)} failed`,
    counts.unfinished > 0 && `${integer(counts.unfinished)} unfinished`,
  ].filter((text) => text !== false)
  const facts: readonly Fact[] = [
    ['Best', <Best key="best" id={id} record={record} />],
    ['Trials', `${counted(counts.trials, 'trial')}${others.length > 0 ? `, ${enumeration(others)}` : ''}`],
    ['Objective', `${record.direction} ${record.metric}`],
    ['Sampler', record.sampler],
    ['Pruner', record.pruner],
    ['Seed', String(record.seed)],
    ['Training', duration(record.trainingSeconds)],
    ...(row.reason ? [['Ended', row.reason] as const] : []),
  ]
  return <Facts facts={facts} />
}
