import type { RunRow } from '../../../src/catalog/run-row.ts'
import { pathOf } from '../../base/record-id.ts'
import { route, updateQuery } from '../../base/router.ts'
import { useDebouncedQuery } from '../../parts/debounced-query.ts'
import { Field } from '../../parts/field.tsx'
import { dataOf, placesOf, statusesOf } from './choose.ts'

/** Narrows the list. */
export function Filters({
  rows,
  hasSearches,
}: {
  readonly rows: readonly RunRow[]
  readonly hasSearches: boolean
}) {
  const [words, write] = useDebouncedQuery('q')
  const { query } = route.value
  const choose = (name: string) => (value: string) => updateQuery({ [name]: value, page: undefined })
  const places = placesOf(rows)
  return (
    <search class="fields filters">
      <Field
        label="Find"
        value={words}
        onInput={write}
        placeholder="cnn batch=32 -failed"
        hint="Words in names, paths and settings; -word excludes"
      />
      <Field
        label="Status"
        value={query.get('status') ?? ''}
        onInput={choose('status')}
        choices={[['', 'any'], ...statusesOf(rows).map((status) => [status, status] as const)]}
      />
      <Field
        label="Data"
        value={query.get('data') ?? ''}
        onInput={choose('data')}
        choices={[['', 'any'], ...dataOf(rows).map((title) => [title, title] as const)]}
      />
      {places.length > 0 && (
        <Field
          label="Where"
          value={query.get('within') ?? ''}
          onInput={choose('within')}
          choices={[
            ['', hasSearches ? 'all but trials of searches' : 'everywhere'],
            ...(hasSearches ? [['all', 'everywhere'] as const] : []),
            ...places.map((id) => [id, `in ${pathOf(id)}`] as const),
          ]}
        />
      )}
    </search>
  )
}
