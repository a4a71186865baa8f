import '../../style/records.css'
import './data.css'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Empty, Loading } from '../../parts/states.tsx'
import { place } from '../../router.ts'
import type { ShelfRow } from './answers.ts'
import { DatasetPage } from './dataset.tsx'

/** Data: the set that the address names, or the first one that the server has. */
export default function Data() {
  const { value, error, again } = useAsked<{ datasets: readonly ShelfRow[] }>('/api/data')
  const sets = value?.datasets
  const id = place.value.query.get('set') ?? sets?.[0]?.id
  if (id !== undefined) return <DatasetPage key={id} id={id} sets={sets ?? []} />
  return (
    <div class="view data">
      <Heading title="Data">Data</Heading>
      {error !== undefined ? (
        <ServerFailure error={error} retry={again} />
      ) : sets === undefined ? (
        <Loading what="Looking for data" />
      ) : (
        <Empty title="No data here">
          <p>
            The server shows what it finds on its machine, and what it is started with:{' '}
            <code>atelier serve --data SOURCE</code>.
          </p>
        </Empty>
      )}
    </div>
  )
}
