import { useMemo } from 'preact/hooks'
import { drawHistory } from '../../../src/search/figures/history.ts'
import { drawImportance, importanceHeight, importanceRows } from '../../../src/search/figures/importance.ts'
import { drawIntermediate } from '../../../src/search/figures/intermediate.ts'
import { drawSlice } from '../../../src/search/figures/slices.ts'
import { drawTimeline, timelineHeight, timelineRows } from '../../../src/search/figures/timeline.ts'
import { trialOfSentence } from '../../../src/search/figures/values.ts'
import { type SearchRecord, varying } from '../../../src/search/record.ts'
import { Drawn } from '../../parts/drawn.tsx'

interface FigureProps {
  readonly record: SearchRecord
  onPick(trial: number): void
}

const picking = (onPick: (trial: number) => void) => (said: string) => {
  const trial = trialOfSentence(said)
  if (trial !== undefined) onPick(trial)
}

/** Trials one after another, and the best so far. */
export function History({ record, onPick }: FigureProps) {
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawHistory(document, record, {
        title: 'History',
        description: 'The value of every trial in order, and the best so far.',
        width,
        height: 300,
      }),
    [record],
  )
  return <Drawn draw={draw} height={300} onPick={picking(onPick)} />
}

/** Every trial epoch by epoch. */
export function Intermediate({ record }: { readonly record: SearchRecord }) {
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawIntermediate(document, record, {
        title: 'Epoch by epoch',
        description: 'The curve of every trial; hollow dots are where trials were pruned.',
        width,
        height: 300,
      }),
    [record],
  )
  return <Drawn draw={draw} height={300} />
}

/** Values along each parameter. */
export function Slices({ record, onPick }: FigureProps) {
  return (
    <div class="slices">
      {varying(record.axes).map(({ name }) => (
        <Slice key={name} record={record} name={name} onPick={onPick} />
      ))}
    </div>
  )
}

function Slice({ record, name, onPick }: FigureProps & { readonly name: string }) {
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawSlice(document, record, name, {
        title: `Values along ${name}`,
        description: `Every trial by its ${name}.`,
        width,
        height: 210,
      }),
    [record, name],
  )
  return <Drawn draw={draw} height={210} onPick={picking(onPick)} />
}

/** How much each parameter mattered. */
export function Importance({ record }: { readonly record: SearchRecord }) {
  const count = importanceRows(record).length
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawImportance(document, record, {
        title: 'Importance',
        description: 'The share of the variance of the value that each parameter explains by itself.',
        width: Math.min(640, width),
        height: importanceHeight(count),
      }),
    [record, count],
  )
  return <Drawn draw={draw} height={importanceHeight(count)} />
}

/** What each worker did, and when. */
export function Timeline({ record, onPick }: FigureProps) {
  const workers = new Set(timelineRows(record).map(({ worker }) => worker)).size
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawTimeline(document, record, {
        title: 'Timeline',
        description: 'A bar for every trial, a row for every worker.',
        width,
        height: timelineHeight(workers),
      }),
    [record, workers],
  )
  return <Drawn draw={draw} height={timelineHeight(workers)} onPick={picking(onPick)} />
}
