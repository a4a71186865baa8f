import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  readonly label: string
  readonly value: string
  onInput(value: string): void
  /** What holds where nothing is written. */
  readonly placeholder?: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly disabled?: boolean
  /** Where given, one of these is chosen instead of written: value and name. */
  readonly choices?: readonly (readonly [value: string, name: string])[] | undefined
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
}

/** A label with what is written or chosen under it, a hint, and what is wrong. */
export function Field(props: FieldProps) {
  const { label, value, onInput, placeholder, hint, error, disabled = false, choices, inputMode } = props
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const common = {
    id,
    value,
    disabled,
    'aria-invalid': error !== undefined,
    'aria-describedby': described === '' ? undefined : described,
  }
  return (
    <div class={`field ${error === undefined ? '' : 'wrong'}`}>
      <label for={id}>{label}</label>
      {choices === undefined ? (
        <input
          {...common}
          type="text"
          inputMode={inputMode ?? 'text'}
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : (
        <select {...common} onChange={(event) => onInput(event.currentTarget.value)}>
          {choices.map(([choice, name]) => (
            <option key={choice} value={choice}>
              {name}
            </option>
          ))}
        </select>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly legend: string
  readonly value: T
  readonly choices: readonly (readonly [value: T, name: string])[]
  onChange(value: T): void
  readonly disabled?: boolean
  readonly children?: ComponentChildren
}

/** A few things of which one holds, all of them to be seen. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { legend, value, choices, onChange, disabled = false, children } = props
  const id = useId()
  return (
    <fieldset class="choice" disabled={disabled}>
      <legend>{legend}</legend>
      <div class="segments">
        {choices.map(([choice, name]) => (
          <label key={choice}>
            <input
              type="radio"
              name={id}
              value={choice}
              checked={choice === value}
              onChange={() => onChange(choice)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  )
}

/** Something that holds or does not. */
export function Checkbox(props: {
  readonly label: string
  readonly checked: boolean
  onChange(checked: boolean): void
  readonly disabled?: boolean
}) {
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  )
}
