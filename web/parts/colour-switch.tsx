import { type ColourChoice, colourChoice } from '../colours.ts'

const names: Readonly<Record<ColourChoice, string>> = { auto: 'as the system', light: 'light', dark: 'dark' }

/** Lets a person choose light or dark; without a wish the system decides. */
export function ColourSwitch() {
  return (
    <label class="colours">
      <span>Colours</span>
      <select
        value={colourChoice.value}
        onChange={(event) => {
          colourChoice.value = event.currentTarget.value as ColourChoice
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
