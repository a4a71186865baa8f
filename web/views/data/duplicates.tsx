import { counted, decimal, integer } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Pager, within } from '../../parts/pager.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { place } from '../../router.ts'
import { idIn } from '../../server/api.ts'
import type { DatasetAnswer, DuplicatesAnswer, ImagesAnswer } from './answers.ts'
import { inOrder } from './groups.ts'
import { NoAudit } from './no-audit.tsx'
import { PairTiles } from './pair-tiles.tsx'

/** Groups of one page. */
const SIZE = 20

/** Images that are there more than once: equal ones, and near ones where an audit looked for them. */
export function Duplicates({ data }: { readonly data: DatasetAnswer }) {
  const { value, error, again } = useAsked<DuplicatesAnswer>(`/api/data/${idIn(data.id)}/duplicates`)
  if (value === undefined) {
    return error === undefined ? (
      <Loading what="Comparing the images" />
    ) : (
      <ServerFailure error={error} retry={again} />
    )
  }
  return (
    <>
      <section aria-labelledby="equal">
        <h2 id="equal">Equal in every pixel</h2>
        <Equal data={data} found={value} />
      </section>
      <section aria-labelledby="near">
        <h2 id="near">Nearly equal</h2>
        {value.near === null ? <NoAudit source={data.source} /> : <Near data={data} near={value.near} />}
      </section>
    </>
  )
}

interface EqualProps {
  readonly data: DatasetAnswer
  readonly found: DuplicatesAnswer
}

function Equal({ data: { id, classes }, found: { groups, surplus, conflicting } }: EqualProps) {
  const page = within(Number(place.value.query.get('page') ?? 0), groups.length, SIZE)
  const shown = inOrder(groups)
    .slice(page * SIZE, (page + 1) * SIZE)
    .map((group) => group.slice(0, 8))
  const indices = shown.flat().map(({ index }) => index)
  const { value, error, again } = useAsked<ImagesAnswer>(
    indices.length === 0 ? undefined : `/api/data/${idIn(id)}/images?index=${indices.join(',')}`,
  )
  if (groups.length === 0) return <Empty title="No training image is there twice" />
  return (
    <>
      <p>
        {counted(groups.length, 'group')} of training images that are the same in every byte,{' '}
        {integer(surplus)} more than there are different ones.{' '}
        {conflicting === 0
          ? 'Their labels agree.'
          : `In ${counted(conflicting, 'group')} the labels do not agree; these come first.`}
      </p>
      <Pager
        noun="group"
        total={groups.length}
        size={SIZE}
        page={page}
        onPage={(next) => rememberMore({ page: next === 0 ? undefined : String(next) })}
      />
      {error !== undefined ? (
        <ServerFailure error={error} retry={again} />
      ) : value === undefined ? (
        <Loading what="Fetching the images" />
      ) : (
        <PairTiles
          sprite={value}
          label="Equal images"
          groups={shown.map((group) => ({
            size: group.length,
            said: (
              <p>
                {[...new Set(group.map(({ label }) => classes[label]?.name ?? label))].join(' | ')}
                <br />
                <small>{group.map(({ index }) => integer(index)).join(', ')}</small>
              </p>
            ),
          }))}
        />
      )}
    </>
  )
}

interface NearProps {
  readonly data: DatasetAnswer
  readonly near: NonNullable<DuplicatesAnswer['near']>
}

const columns = [
  column.text('Between'),
  column.number('Equal', { type: 'integer' }),
  column.number('Near', { type: 'integer' }),
  column.number('Labels differ', { type: 'integer' }),
]

function Near({ data: { classes }, near: { threshold, counts, pairs, images, path } }: NearProps) {
  const name = (label: number) => classes[label]?.name ?? String(label)
  const rows = counts.map(({ between: [a, b], exact, near, conflicting }) => [
    a === b ? `within ${a}` : `${a} and ${b}`,
    exact,
    near,
    conflicting,
  ])
  return (
    <>
      <p>
        Pairs that differ by no more than {decimal(threshold, 1)} gray levels in the root mean square, as the
        audit in <code>{path}</code> found them. Those whose labels differ come first, then those across
        splits.
      </p>
      <DataTable table={{ columns, rows }} caption="Pairs between the splits" quiet />
      {pairs.length === 0 ? (
        <Empty title="There are none" />
      ) : (
        <PairTiles
          sprite={images}
          label="Nearly equal images"
          groups={pairs.map(({ a, b, distance }) => ({
            size: 2,
            said: (
              <p>
                {a.label === b.label ? name(a.label) : `${name(a.label)} | ${name(b.label)}`}
                <br />
                <small>
                  {a.split} {integer(a.index)}, {b.split} {integer(b.index)}
                  <br />
                  {decimal(distance, 1)} gray levels apart
                </small>
              </p>
            ),
          }))}
        />
      )}
    </>
  )
}
