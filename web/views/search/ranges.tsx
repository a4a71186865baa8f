import { useState } from 'preact/hooks'
import { axisPlace, shortValue } from '../../../src/search/figures/axis.ts'
import { type AxisRecord, type SearchRecord, varying } from '../../../src/search/record.ts'
import { Field } from '../../parts/field.tsx'
import { type Brush, listedAt, numberAt, type Stretch, stretchOf, valueAxis } from './brush.ts'

interface RangesProps {
  readonly record: SearchRecord
  readonly brush: Brush
  onChange(name: string, stretch: Stretch | undefined): void
}

/** The same as brushing, written: for the keyboard, for those who hear the page, and for exact numbers. */
export function Ranges({ record, brush, onChange }: RangesProps) {
  const axes = [...varying(record.axes), valueAxis(record)]
  return (
    <details class="ranges">
      <summary>Filter by value</summary>
      <div class="fields">
        {axes.map((axis) =>
          axis.values === undefined ? (
            <Range
              key={axis.name}
              axis={axis}
              stretch={brush.get(axis.name)}
              onChange={(to) => onChange(axis.name, to)}
            />
          ) : (
            <Listed
              key={axis.name}
              axis={axis}
              stretch={brush.get(axis.name)}
              onChange={(to) => onChange(axis.name, to)}
            />
          ),
        )}
      </div>
    </details>
  )
}

interface AxisProps {
  readonly axis: AxisRecord
  readonly stretch: Stretch | undefined
  onChange(stretch: Stretch | undefined): void
}

function Listed({ axis, stretch, onChange }: AxisProps) {
  const { values = [] } = axis
  const value = stretch && listedAt(axis, stretch)
  const chosen = stretch === undefined ? '' : value === undefined ? 'several' : String(values.indexOf(value))
  return (
    <Field
      label={axis.name}
      value={chosen}
      choices={[
        ['', 'any'],
        ...(chosen === 'several' ? [['several', 'as brushed'] as const] : []),
        ...values.map((each, i) => [String(i), shortValue(each)] as const),
      ]}
      onInput={(index) => {
        if (index !== 'several') onChange(index === '' ? undefined : stretchOf(axis, values[Number(index)]))
      }}
    />
  )
}

const written = (axis: AxisRecord, place: number) => String(Number(numberAt(axis, place).toPrecision(4)))

function Range({ axis, stretch, onChange }: AxisProps) {
  const [low, high] = stretch ?? [0, 1]
  const [draft, setDraft] = useState<{ readonly from?: string; readonly to?: string }>({})
  const place = (text: string | undefined, otherwise: number) => {
    if (text === undefined) return otherwise
    const number = Number(text)
    return text.trim() === '' || !Number.isFinite(number) ? Number.NaN : axisPlace(axis, number)
  }
  const write = (next: { readonly from?: string; readonly to?: string }) => {
    setDraft(next)
    const [from, to] = [place(next.from, low), place(next.to, high)]
    if (Number.isFinite(from) && Number.isFinite(to) && from <= to)
      onChange([Math.max(-0.01, from), Math.min(1.01, to)])
    if (next.from === '' && next.to === '') onChange(undefined)
  }
  const fault = (text: string | undefined) =>
    text !== undefined && text !== '' && !Number.isFinite(place(text, 0)) ? 'A number' : undefined
  return (
    <div class="range">
      <Field
        label={`${axis.name} from`}
        inputMode="decimal"
        value={draft.from ?? (stretch === undefined ? '' : written(axis, low))}
        placeholder={written(axis, 0)}
        error={fault(draft.from)}
        onInput={(from) => write({ ...draft, from })}
      />
      <Field
        label={`${axis.name} to`}
        inputMode="decimal"
        value={draft.to ?? (stretch === undefined ? '' : written(axis, high))}
        placeholder={written(axis, 1)}
        error={fault(draft.to)}
        onInput={(to) => write({ ...draft, to })}
      />
    </div>
  )
}
