import { percent } from '../../src/visualization/format.ts'

/** A share in [0, 1] with its name. */
export interface Share {
  readonly name: string
  readonly share: number
}

/** Shares as bars with their names and numbers, in the order given; the largest stands out. */
export function Bars({ shares, label }: { readonly shares: readonly Share[]; readonly label: string }) {
  const most = Math.max(...shares.map(({ share }) => share))
  return (
    <ul class="bars" aria-label={label}>
      {shares.map(({ name, share }) => (
        <li key={name} class={share === most ? 'most' : ''}>
          <span class="bar-name">{name}</span>
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${100 * share}%` }} />
          </span>
          <span class="bar-value">{percent(share)}</span>
        </li>
      ))}
    </ul>
  )
}
