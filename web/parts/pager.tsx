import { counted, integer } from '../../src/visualization/format.ts'
import { route, updateQuery } from '../base/router.ts'

interface PagerProps {
  /** What is listed, in singular. */
  readonly noun: string
  readonly total: number
  /** How many stand on one page. */
  readonly size: number
}

/** The page of a long list that the address names, from 0: the last one where there are no longer so many. */
export function currentPage(total: number, size: number): number {
  const page = Number(route.value.query.get('page') ?? 0)
  return Math.max(0, Math.min(Number.isInteger(page) ? page : 0, Math.ceil(total / size) - 1))
}

/** Goes through a long list page by page. */
export function Pager({ noun, total, size }: PagerProps) {
  if (total <= size) return null
  const page = currentPage(total, size)
  const last = Math.ceil(total / size) - 1
  const from = page * size
  const go = (label: string, to: number) => (
    <button
      type="button"
      disabled={to < 0 || to > last || to === page}
      onClick={() => updateQuery({ page: to === 0 ? undefined : String(to) })}
    >
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
