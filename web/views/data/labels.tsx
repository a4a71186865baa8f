import type { DatasetAnswer, SuspectsAnswer } from '../../../src/catalog/answers.ts'
import { counted, integer, percent } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { route } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { RequestError } from '../../client/http.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Pager } from '../../parts/pager.tsx'
import { Empty } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { Tiles } from '../../parts/tiles.tsx'
import { NoAudit } from './no-audit.tsx'

/** Suspects of one page. */
const SIZE = 60

/** Labels that networks disagree with, where an audit asked them. */
export function Labels({ data }: { readonly data: DatasetAnswer }) {
  const page = Math.max(0, Math.floor(Number(route.value.query.get('page')) || 0)) // how many there are is not known yet
  const request = useFetch(endpoints.suspects(data.id, page, SIZE))
  const { error } = request
  return (
    <section aria-labelledby="labels">
      <h2 id="labels">Suspicious labels</h2>
      {error instanceof RequestError && error.status === 404 ? (
        <NoAudit source={data.source} />
      ) : (
        <Await request={request} loading="Looking for an audit">
          {(found) => <Suspects data={data} found={found} />}
        </Await>
      )}
    </section>
  )
}

const columns = [
  column.text('File'),
  column.number('Images', { type: 'integer' }),
  column.number('Suspects', { type: 'integer' }),
  column.number('Wrong labels, estimated', { type: 'percent', digits: 2 }),
  column.number('Accuracy on all', { type: 'percent', digits: 2 }),
  column.number('without suspects', { type: 'percent', digits: 2 }),
]

interface SuspectsProps {
  readonly data: DatasetAnswer
  readonly found: SuspectsAnswer
}

function Suspects({ data: { classes }, found }: SuspectsProps) {
  const name = (label: number) => classes[label]?.name ?? String(label)
  const rows = found.parts.map((part) => [
    part.part,
    part.images,
    part.suspects,
    part.noise,
    part.accuracy.all,
    part.accuracy.without,
  ])
  return (
    <>
      <p>
        Every image was classified by networks that were not trained on it ({found.network},{' '}
        {counted(found.folds, 'fold')}; the audit in <code>{found.path}</code>). Those whose label they
        disagree with are worth a look.
      </p>
      <DataTable table={{ columns, rows }} caption="What was found in each file" quiet />
      <Pager noun="suspect" total={found.total} size={SIZE} />
      {found.suspects.length === 0 ? (
        <Empty title={found.total === 0 ? 'No label is suspicious' : 'No more suspects on this page'} />
      ) : (
        <Tiles sprite={found.images} label="Suspicious labels">
          {found.suspects.map(({ split, index, given, likely, probability }) => (
            <p key={`${split} ${index}`}>
              label <b>{name(given)}</b>
              <br />
              likely {name(likely)} {percent(probability, 0)}
              <br />
              <small>
                {split} {integer(index)}
              </small>
            </p>
          ))}
        </Tiles>
      )}
      {found.commonest.length > 0 && (
        <>
          <h3>The most common</h3>
          <ul>
            {found.commonest.map(({ given, likely, count }) => (
              <li key={`${given} ${likely}`}>
                {name(given)} where it is likely {name(likely)}: {integer(count)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
