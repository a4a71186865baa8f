import { Field } from '../../parts/field.tsx'
import { fields, type TrainField } from './fields.ts'
import type { Form } from './form.ts'

interface SettingsFormProps {
  readonly form: Form
  readonly isFixed: boolean
  value(name: string): string
  onChange(change: Readonly<Record<string, string>>): void
}

/** How to train: the usual settings, and all others behind a click. */
export function SettingsForm({ form, isFixed, value, onChange }: SettingsFormProps) {
  const shown = fields.filter(({ when }) => when === undefined || when(value))
  const more = shown.filter(({ isUsual }) => !isUsual)
  const isOpen = more.some(({ name }) => value(name) !== '' || form.errors.has(name))
  const field = ({ name, label, usual, hint, choices, inputMode }: TrainField) => (
    <Field
      key={name}
      label={label}
      value={value(name)}
      placeholder={usual(value)}
      hint={hint}
      choices={choices}
      inputMode={inputMode ?? 'text'}
      error={form.errors.get(name)}
      disabled={isFixed}
      onInput={(text) => onChange({ [name]: text })}
    />
  )
  return (
    <section aria-labelledby="train-settings">
      <h2 id="train-settings">Settings</h2>
      <div class="fields">{shown.filter(({ isUsual }) => isUsual).map(field)}</div>
      <details open={isOpen}>
        <summary>More settings</summary>
        <div class="fields">{more.map(field)}</div>
      </details>
    </section>
  )
}
