import type { Order } from './order.ts'

interface SortHeadProps {
  readonly column: { readonly key: string; readonly title: string; readonly align: 'left' | 'right' }
  /** How the table is sorted now. */
  readonly order: Order
  onPress(): void
}

/** The head of a column by which a table can be sorted. */
export function SortHead({ column: { key, title, align }, order, onPress }: SortHeadProps) {
  const sorted = order.key !== key ? 'none' : order.isDescending ? 'descending' : 'ascending'
  return (
    <th scope="col" class={align} aria-sort={sorted}>
      <button type="button" class="head" onClick={onPress}>
        {title}
        <span aria-hidden="true" class="arrow">
          {{ none: '', ascending: '↑', descending: '↓' }[sorted]}
        </span>
      </button>
    </th>
  )
}
