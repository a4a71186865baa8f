import { spoken } from '../../../src/model/layer.ts'
import { counted, integer } from '../../../src/visualization/format.ts'
import { Field } from '../../parts/field.tsx'
import { ErrorText } from '../../parts/states.tsx'
import {
  type BuiltDraft,
  type DraftLayer,
  type DraftRow,
  formatDraft,
  type LayerOption,
  newLayer,
  type StackableName,
  stackable,
} from './draft.ts'

interface DraftEditorProps {
  readonly draft: readonly DraftLayer[]
  readonly built: BuiltDraft
  readonly isFixed: boolean
  onChange(text: string): void
}

const names = Object.keys(stackable) as StackableName[]

/** Stack layers; each says what shape it gives and how many parameters it has, or why it does not fit. */
export function DraftEditor({ draft, built, isFixed, onChange }: DraftEditorProps) {
  const change = (layers: readonly DraftLayer[]) => onChange(formatDraft(layers))
  const replace = (i: number, ...layers: readonly DraftLayer[]) =>
    change([...draft.slice(0, i), ...layers, ...draft.slice(i + 1)])
  const swap = (i: number, j: number) =>
    change(draft.map((layer, k) => (k === i ? draft[j] : k === j ? draft[i] : layer)))
  const output = built.rows[draft.length]
  const total = built.rows.reduce((sum, { parameters }) => sum + parameters, 0)
  return (
    <>
      <ol class="draft">
        {draft.map((layer, i) => (
          <LayerRow
            key={i}
            place={i}
            layer={layer}
            row={built.rows[i]}
            isFixed={isFixed}
            isLast={i === draft.length - 1}
            onChange={(changed) => replace(i, changed)}
            onRemove={() => replace(i)}
            onMove={(by) => swap(i, i + by)}
          />
        ))}
        <li class={output.error === undefined ? '' : 'wrong'}>
          <p class="layer-name">
            <span>Output: dense, softmax over the classes</span>
            <Outcome row={output} />
          </p>
          {output.error !== undefined && <Mistake error={output.error} />}
        </li>
      </ol>
      <div class="buttons">
        <Field
          label="Add a layer"
          value=""
          choices={[['', 'choose…'], ...names.map((name) => [name, stackable[name].title] as const)]}
          disabled={isFixed}
          onInput={(kind) => kind !== '' && change([...draft, newLayer(kind as StackableName)])}
        />
        {built.spec !== undefined && <p class="hint">{integer(total)} parameters in all</p>}
      </div>
    </>
  )
}

function Outcome({ row }: { readonly row: DraftRow }) {
  if (row.shape === undefined) return null
  return (
    <span class="layer-outcome">
      → {spoken(row.shape)}
      {row.parameters > 0 && `, ${counted(row.parameters, 'parameter')}`}
    </span>
  )
}

const Mistake = ({ error }: { readonly error: unknown }) => (
  <p class="error" role="alert">
    <ErrorText error={error} />
  </p>
)

interface LayerRowProps {
  readonly place: number
  readonly layer: DraftLayer
  readonly row: DraftRow
  readonly isFixed: boolean
  readonly isLast: boolean
  onChange(layer: DraftLayer): void
  onRemove(): void
  onMove(by: number): void
}

function LayerRow({ place, layer, row, isFixed, isLast, onChange, onRemove, onMove }: LayerRowProps) {
  const { title, options } = stackable[layer.kind]
  const about = `layer ${place + 1}, ${title}`
  return (
    <li class={row.error === undefined ? '' : 'wrong'}>
      <p class="layer-name">
        <span>{title}</span>
        <Outcome row={row} />
      </p>
      <div class="layer-options">
        {options.map((option: LayerOption) => (
          <Field
            key={option.name}
            label={option.label}
            value={layer.options[option.name] ?? option.usual ?? ''}
            placeholder={option.placeholder ?? ''}
            choices={option.choices?.map((choice) => [choice, choice])}
            disabled={isFixed}
            onInput={(text) => onChange({ ...layer, options: { ...layer.options, [option.name]: text } })}
          />
        ))}
        <span class="layer-moves">
          <button type="button" class="quiet" disabled={isFixed || place === 0} onClick={() => onMove(-1)}>
            ↑<span class="visually-hidden"> Move {about} up</span>
          </button>
          <button type="button" class="quiet" disabled={isFixed || isLast} onClick={() => onMove(1)}>
            ↓<span class="visually-hidden"> Move {about} down</span>
          </button>
          <button type="button" class="quiet" disabled={isFixed} onClick={onRemove}>
            Remove<span class="visually-hidden"> {about}</span>
          </button>
        </span>
      </div>
      {row.error !== undefined && <Mistake error={row.error} />}
    </li>
  )
}
