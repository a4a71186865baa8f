import type { RunRow } from '../../../src/catalog/run-row.ts'
import { Field } from '../../parts/field.tsx'
import { rememberMore, useWritten } from '../../parts/query.ts'
import { place } from '../../router.ts'
import { dataOf, placesOf, statusesOf } from './choose.ts'

const named = (id: string) => id.split(':').map(decodeURIComponent).join('/')

/** What the list is narrowed to. */
export function Filters({
  rows,
  searches,
}: {
  readonly rows: readonly RunRow[]
  readonly searches: boolean
}) {
  const [words, write] = useWritten('q')
  const { query } = place.value
  const choose = (name: string) => (value: string) => rememberMore({ [name]: value, page: undefined })
  const places = placesOf(rows)
  return (
    <search class="fields filters">
      <Field
        label="Find"
        value={words}
        onInput={write}
        placeholder="cnn batch=32 -failed"
        hint="Words of names, paths and settings; with − before it, not that word"
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
            ['', searches ? 'all but trials of searches' : 'everywhere'],
            ...(searches ? [['all', 'everywhere'] as const] : []),
            ...places.map((id) => [id, `in ${named(id)}`] as const),
          ]}
        />
      )}
    </search>
  )
}
