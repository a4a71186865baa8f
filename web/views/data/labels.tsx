import { counted, integer, percent } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Pager } from '../../parts/pager.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { Tiles } from '../../parts/tiles.tsx'
import { place } from '../../router.ts'
import { idIn, Refusal } from '../../server/api.ts'
import type { DatasetAnswer, SuspectsAnswer } from './answers.ts'
import { NoAudit } from './no-audit.tsx'

/** Suspects of one page. */
const SIZE = 60

/** Labels that networks do not believe, where an audit asked them. */
export function Labels({ data }: { readonly data: DatasetAnswer }) {
  const page = Math.max(0, Math.floor(Number(place.value.query.get('page')) || 0))
  const path = `/api/data/${idIn(data.id)}/suspects?page=${page}&size=${SIZE}`
  const { value, error, again } = useAsked<SuspectsAnswer>(path)
  return (
    <section aria-labelledby="labels">
      <h2 id="labels">Suspicious labels</h2>
      {value !== undefined ? (
        <Suspects data={data} found={value} page={page} />
      ) : error === undefined ? (
        <Loading what="Looking for an audit" />
      ) : error instanceof Refusal && error.status === 404 ? (
        <NoAudit source={data.source} />
      ) : (
        <ServerFailure error={error} retry={again} />
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
  readonly page: number
}

function Suspects({ data: { classes }, found, page }: SuspectsProps) {
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
        Every image was judged by networks that had not learned from it ({found.network},{' '}
        {counted(found.folds, 'fold')}; the audit in <code>{found.path}</code>). Those whose label they do not
        believe are worth a look.
      </p>
      <DataTable table={{ columns, rows }} caption="What was found in each file" quiet />
      <Pager
        noun="suspect"
        total={found.total}
        size={SIZE}
        page={page}
        onPage={(next) => rememberMore({ page: next === 0 ? undefined : String(next) })}
      />
      {found.suspects.length === 0 ? (
        <Empty title={found.total === 0 ? 'No label is suspected' : 'No more suspects on this page'} />
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
          <h3>The commonest</h3>
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
