import { type ColorChoice, colorChoice } from '../base/colors.ts'

const names: Readonly<Record<ColorChoice, string>> = { auto: 'system colors', light: 'light', dark: 'dark' }

/** Lets a person choose light or dark; without a wish the system decides. */
export function ColorSwitch() {
  return (
    <label class="colors">
      <span>Colors</span>
      <select
        value={colorChoice.value}
        onChange={(event) => {
          colorChoice.value = event.currentTarget.value as ColorChoice
        }}
      >
        {Object.entries(names).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
