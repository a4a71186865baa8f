import { useId } from 'preact/hooks'
import { decimal } from '../../../src/visualization/format.ts'
import { Choice, Tick } from '../../parts/field.tsx'
import { rememberMore, useWritten } from '../../parts/query.ts'
import { place } from '../../router.ts'
import type { CurveWishes } from './lines.ts'

/** What the address says of how curves are drawn. */
export function curveWishes(query: URLSearchParams): CurveWishes & { readonly isLog: boolean } {
  const smoothing = Number(query.get('smooth') ?? 0)
  return {
    metric: query.get('metric') === 'accuracy' ? 'accuracy' : 'loss',
    split: query.get('split') === 'training' ? 'training' : 'validation',
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    isLog: query.get('log') === '1',
  }
}

/** How smooth curves are drawn. */
export function Smoothing() {
  const [smoothing, write] = useWritten('smooth')
  const id = useId()
  const shown = smoothing === '' ? 0 : Number(smoothing)
  return (
    <div class="field slider">
      <label for={id}>Smoothing {decimal(shown, 2)}</label>
      <input
        id={id}
        type="range"
        min="0"
        max="0.98"
        step="0.02"
        value={shown}
        onInput={({ currentTarget: { value } }) => write(value === '0' ? '' : value)}
      />
    </div>
  )
}

/** Whether curves stand on a logarithmic scale. */
export function Logarithmic({ label = 'Logarithmic' }: { readonly label?: string }) {
  const { isLog } = curveWishes(place.value.query)
  return (
    <Tick
      label={label}
      checked={isLog}
      onChange={(checked) => rememberMore({ log: checked ? '1' : undefined })}
    />
  )
}

/** How curves are drawn: what, how smooth, on which scale. */
export function CurveControls() {
  const { metric, split } = curveWishes(place.value.query)
  return (
    <div class="curve-controls">
      <Choice
        legend="What"
        value={metric}
        choices={[
          ['loss', 'Loss'],
          ['accuracy', 'Accuracy'],
        ]}
        onChange={(value) => rememberMore({ metric: value === 'loss' ? undefined : value })}
      />
      <Choice
        legend="On"
        value={split}
        choices={[
          ['validation', 'Validation'],
          ['training', 'Training'],
        ]}
        onChange={(value) => rememberMore({ split: value === 'validation' ? undefined : value })}
      />
      <Smoothing />
      <Logarithmic />
      <Tick
        label="Mean over seeds"
        checked={place.value.query.get('group') === 'seeds'}
        onChange={(checked) => rememberMore({ group: checked ? 'seeds' : undefined, page: undefined })}
      />
    </div>
  )
}
