interface SortHeadProps {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Undefined where the table is sorted by another column. */
  readonly sorted: 'ascending' | 'descending' | undefined
  onPress(): void
}

/** The head of a column by which a table can be sorted. */
export function SortHead({ title, align, sorted, onPress }: SortHeadProps) {
  return (
    <th scope="col" class={align} aria-sort={sorted ?? 'none'}>
      <button type="button" class="head" onClick={onPress}>
        {title}
        <span aria-hidden="true" class="arrow">
          {sorted === undefined ? '' : sorted === 'descending' ? '↓' : '↑'}
        </span>
      </button>
    </th>
  )
}
