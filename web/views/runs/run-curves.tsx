import { useMemo } from 'preact/hooks'
import type { RunEvent } from '../../../src/record/events.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { percent } from '../../../src/visualization/format.ts'
import {
  type CurvePoint,
  curvePoints,
  drawRunCurves,
  type Metric,
} from '../../../src/visualization/learning-curves.ts'
import { route } from '../../base/router.ts'
import { Drawn } from '../../parts/drawn.tsx'
import { Empty } from '../../parts/states.tsx'
import { curveOptions, Logarithmic, Smoothing } from './curve-controls.tsx'

const drawing =
  (points: readonly CurvePoint[], metric: Metric, name: string, smoothing: number, isLog: boolean) =>
  (document: Document, width: number) =>
    drawRunCurves(document, points, {
      metric,
      smoothing,
      isLog: isLog && metric === 'loss',
      title: `${metric === 'loss' ? 'Loss' : 'Accuracy'} of ${name}`,
      description:
        'On the training and validation images by epoch; a dot marks the epoch whose weights were kept.',
      width,
      height: Math.min(320, Math.max(220, width * 0.5)),
    })

/** Loss and accuracy of a run, as far as it has come. */
export function RunCurves({ name, events }: { readonly name: string; readonly events: readonly RunEvent[] }) {
  const points = useMemo(() => curvePoints([{ name, events }]), [name, events])
  const { smoothing, isLog } = curveOptions(route.value.query)
  const draw = (metric: Metric) => drawing(points, metric, name, smoothing, isLog)
  const loss = useMemo(() => draw('loss'), [points, name, smoothing, isLog])
  const accuracy = useMemo(() => draw('accuracy'), [points, name, smoothing])
  const { best } = summarize(events)
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Curves</h2>
      {points.length === 0 ? (
        <Empty title="No epoch has finished yet">
          <p>The curves start with the first one.</p>
        </Empty>
      ) : (
        <>
          <div class="curve-controls">
            <Smoothing />
            <Logarithmic label="Logarithmic loss" />
          </div>
          <div class="pair">
            <Drawn draw={loss} height={300} />
            <Drawn draw={accuracy} height={300} />
          </div>
          {best !== undefined && (
            <p class="hint">
              Best epoch: {best.epoch}, with a validation loss of {best.valLoss?.toFixed(4) ?? '–'} and an
              accuracy of {best.valAccuracy === null ? '–' : percent(best.valAccuracy, 2)}.
            </p>
          )}
        </>
      )}
    </section>
  )
}
