import { useId } from 'preact/hooks'
import { decimal } from '../../../src/visualization/format.ts'
import { route, updateQuery } from '../../base/router.ts'
import { useDebouncedQuery } from '../../parts/debounced-query.ts'
import { Checkbox, Choice } from '../../parts/field.tsx'
import type { CurveOptions } from './lines.ts'

/** How the address asks for curves to be drawn. */
export function curveOptions(query: URLSearchParams): CurveOptions & { readonly isLog: boolean } {
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
  const [smoothing, write] = useDebouncedQuery('smooth')
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
  const { isLog } = curveOptions(route.value.query)
  return (
    <Checkbox
      label={label}
      checked={isLog}
      onChange={(checked) => updateQuery({ log: checked ? '1' : undefined })}
    />
  )
}

/** How curves are drawn: what, how smooth, on which scale. */
export function CurveControls() {
  const { metric, split } = curveOptions(route.value.query)
  return (
    <div class="curve-controls">
      <Choice
        legend="Metric"
        value={metric}
        choices={[
          ['loss', 'Loss'],
          ['accuracy', 'Accuracy'],
        ]}
        onChange={(value) => updateQuery({ metric: value === 'loss' ? undefined : value })}
      />
      <Choice
        legend="Split"
        value={split}
        choices={[
          ['validation', 'Validation'],
          ['training', 'Training'],
        ]}
        onChange={(value) => updateQuery({ split: value === 'validation' ? undefined : value })}
      />
      <Smoothing />
      <Logarithmic />
      <Checkbox
        label="Mean over seeds"
        checked={route.value.query.get('group') === 'seeds'}
        onChange={(checked) => updateQuery({ group: checked ? 'seeds' : undefined, page: undefined })}
      />
    </div>
  )
}
