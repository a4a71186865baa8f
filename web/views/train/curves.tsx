import { useMemo, useState } from 'preact/hooks'
import type { RunEvent } from '../../../src/record/events.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import type { Metric } from '../../../src/visualization/learning-curves.ts'
import { column } from '../../../src/visualization/table.ts'
import { Figure, useModule } from '../../parts/figure.tsx'
import { DataTable } from '../../parts/table.tsx'
import { training } from '../../training/client.ts'

const load = () => import('../../../src/visualization/learning-curves.ts')

function Curve({ events, metric }: { readonly events: readonly RunEvent[]; readonly metric: Metric }) {
  const module = useModule(load)
  const draw = useMemo(() => {
    const points = module?.curvePoints([{ name: 'this run', events }]) ?? []
    if (module === undefined || points.length === 0) return undefined
    const title = metric === 'loss' ? 'Loss by epoch' : 'Accuracy by epoch'
    const description = 'On the training and validation images; the table below has the numbers.'
    return (document: Document, width: number) =>
      module.drawRunCurves(document, points, { title, description, metric, width, height: 230 })
  }, [module, events, metric])
  return <Figure draw={draw} />
}

const share = (title: string) => column.number(title, { type: 'percent', digits: 2 })
const loss = (title: string) => column.number(title, { type: 'decimal', digits: 4 })
const columns = [
  column.number('Epoch', { type: 'integer' }),
  loss('Loss'),
  share('Accuracy'),
  loss('Val. loss'),
  share('Val. accuracy'),
  column.number('Time', { type: 'duration' }),
]

/** Loss and accuracy of every epoch, as curves and as a table. */
export function Curves() {
  const [isOpen, setOpen] = useState(false)
  const events = training.events.value
  const { history: epochs } = summarize(events)
  if (epochs.length === 0) return null
  const rows = !isOpen
    ? []
    : epochs.map((e) => [e.epoch, e.loss, e.accuracy, e.valLoss, e.valAccuracy, e.seconds])
  return (
    <section aria-label="Learning curves">
      <div class="pair">
        <Curve events={events} metric="loss" />
        <Curve events={events} metric="accuracy" />
      </div>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Table of all epochs</summary>
        {isOpen && <DataTable table={{ columns, rows }} caption="Table of all epochs" quiet />}
      </details>
    </section>
  )
}
