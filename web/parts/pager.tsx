import { counted, integer } from '../../src/visualization/format.ts'

interface PagerProps {
  /** What is listed, in singular. */
  readonly noun: string
  readonly total: number
  readonly size: number
  /** From 0. */
  readonly page: number
  onPage(page: number): void
}

/** The page that is shown of so many: the last one where there are no longer so many. */
export const within = (page: number, total: number, size: number) =>
  Math.max(0, Math.min(Number.isInteger(page) ? page : 0, Math.ceil(total / size) - 1))

/** Goes through a long list page by page. */
export function Pager({ noun, total, size, page, onPage }: PagerProps) {
  if (total <= size) return null
  const last = Math.ceil(total / size) - 1
  const from = page * size
  const go = (label: string, to: number) => (
    <button type="button" disabled={to < 0 || to > last || to === page} onClick={() => onPage(to)}>
      {label}
    </button>
  )
  return (
    <nav class="pager" aria-label={`Pages of ${noun}s`}>
      {go('First', 0)}
      {go('Previous', page - 1)}
      <span role="status">
        {integer(from + 1)}–{integer(Math.min(total, from + size))} of {counted(total, noun)}
      </span>
      {go('Next', page + 1)}
      {go('Last', last)}
    </nav>
  )
}
