import { useMemo, useRef, useState } from 'preact/hooks'
import type { SearchRecord } from '../../../src/search/record.ts'
import { counted, enumeration, integer } from '../../../src/visualization/format.ts'
import { route, updateQuery } from '../../base/router.ts'
import { Empty } from '../../parts/states.tsx'
import { type Brush, brushedAlso, brushedTrials, readBrush, writeBrush } from './brush.ts'
import { Parallel } from './parallel.tsx'
import { Ranges } from './ranges.tsx'
import { TrialsTable } from './trials-table.tsx'

interface BrushedProps {
  readonly id: string
  readonly record: SearchRecord
  onPick(trial: number): void
}

/** Parallel coordinates, what is brushed on them, and the trials within. */
export function Brushed({ id, record, onPick }: BrushedProps) {
  const text = route.value.query.get('brush') ?? ''
  const kept = useMemo(() => readBrush(text, record), [text, record])
  const [moving, setMoving] = useState<Brush>()
  const [cleared, setCleared] = useState(0)
  // While a pointer draws along an axis the figure under it stays as it is, whatever comes meanwhile.
  const drawn = useRef(record)
  if (moving === undefined) drawn.current = record
  const brush = moving ?? kept
  const inside = useMemo(() => brushedTrials(record, brush), [record, brush])
  const trials = useMemo(
    () => (brush.size === 0 ? record.trials : record.trials.filter(({ trial }) => inside.has(trial))),
    [record, brush, inside],
  )
  const keep = (next: Brush) => {
    setMoving(undefined)
    updateQuery({ brush: writeBrush(next), page: undefined })
  }
  const clear = () => {
    setCleared(cleared + 1)
    keep(new Map())
  }
  return (
    <section aria-labelledby="parallel">
      <h2 id="parallel">Parallel coordinates</h2>
      <p class="hint">
        Drag along an axis to keep only the trials that cross it there; click the axis to clear it.
      </p>
      <Parallel
        record={drawn.current}
        brush={brush}
        inside={inside}
        onPick={onPick}
        onBrush={(name, stretch, isDone) => {
          const next = brushedAlso(kept, name, stretch)
          if (isDone) keep(next)
          else setMoving(next)
        }}
      />
      <Ranges
        key={cleared}
        record={record}
        brush={kept}
        onChange={(name, stretch) => keep(brushedAlso(kept, name, stretch))}
      />
      <p class="brushed" role="status">
        {brush.size === 0
          ? `All ${counted(record.trials.length, 'trial')}`
          : `${integer(trials.length)} of ${counted(record.trials.length, 'trial')}, by ${enumeration([...brush.keys()])}`}
        {brush.size > 0 && (
          <button type="button" class="quiet" onClick={clear}>
            Show all
          </button>
        )}
      </p>
      {trials.length === 0 ? (
        <Empty title="No trial matches" />
      ) : (
        <TrialsTable id={id} record={record} trials={trials} />
      )}
    </section>
  )
}
