import '../../style/records.css'
import './data.css'
import { route } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Heading } from '../../parts/heading.tsx'
import { Empty } from '../../parts/states.tsx'
import { DatasetPage } from './dataset.tsx'

/** Data: the set that the address names, or the first one that the server has. */
export default function Data() {
  const request = useFetch(endpoints.datasets())
  const sets = request.value?.datasets
  const id = route.value.query.get('set') ?? sets?.[0]?.id
  if (id !== undefined) return <DatasetPage key={id} id={id} sets={sets ?? []} />
  return (
    <div class="view data">
      <Heading title="Data">Data</Heading>
      <Await request={request} loading="Looking for data">
        {() => (
          <Empty title="No data here">
            <p>
              The server shows the datasets that it finds on its machine, and those that it is started with:{' '}
              <code>atelier serve --data SOURCE</code>.
            </p>
          </Empty>
        )}
      </Await>
    </div>
  )
}
