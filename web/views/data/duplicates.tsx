import type { DatasetAnswer, DuplicatesAnswer, NearRecord } from '../../../src/catalog/answers.ts'
import { counted, decimal, integer } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { currentPage, Pager } from '../../parts/pager.tsx'
import { Empty } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { GroupTiles } from '../../parts/tiles.tsx'
import { inOrder } from './groups.ts'
import { NoAudit } from './no-audit.tsx'

/** Groups of one page. */
const SIZE = 20

/** Images that are there more than once: equal ones, and near ones where an audit looked for them. */
export function Duplicates({ data }: { readonly data: DatasetAnswer }) {
  const request = useFetch(endpoints.duplicates(data.id))
  return (
    <Await request={request} loading="Comparing the images">
      {(found) => (
        <>
          <section aria-labelledby="equal">
            <h2 id="equal">Exact duplicates</h2>
            <Equal data={data} found={found} />
          </section>
          <section aria-labelledby="near">
            <h2 id="near">Near-duplicates</h2>
            {found.near === null ? <NoAudit source={data.source} /> : <Near data={data} near={found.near} />}
          </section>
        </>
      )}
    </Await>
  )
}

interface EqualProps {
  readonly data: DatasetAnswer
  readonly found: DuplicatesAnswer
}

function Equal({ data: { id, classes }, found: { groups, surplus, conflicting } }: EqualProps) {
  const page = currentPage(groups.length, SIZE)
  const shown = inOrder(groups)
    .slice(page * SIZE, (page + 1) * SIZE)
    .map((group) => group.slice(0, 8))
  const indices = shown.flat().map(({ index }) => index)
  const request = useFetch(indices.length === 0 ? undefined : endpoints.imagesAt(id, indices))
  if (groups.length === 0) return <Empty title="No training image appears twice" />
  return (
    <>
      <p>
        {counted(groups.length, 'group')} of training images that are the same in every byte,{' '}
        {integer(surplus)} more than there are different ones.{' '}
        {conflicting === 0
          ? 'Their labels agree.'
          : `In ${counted(conflicting, 'group')} the labels differ; these come first.`}
      </p>
      <Pager noun="group" total={groups.length} size={SIZE} />
      <Await request={request} loading="Fetching the images">
        {(sprite) => (
          <GroupTiles
            sprite={sprite}
            label="Exact duplicates"
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
      </Await>
    </>
  )
}

interface NearProps {
  readonly data: DatasetAnswer
  readonly near: NearRecord
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
        Pairs whose root mean square difference is at most {decimal(threshold, 1)} gray levels, found by the
        audit in <code>{path}</code>. Those whose labels differ come first, then those across splits.
      </p>
      <DataTable table={{ columns, rows }} caption="Pairs between the splits" quiet />
      {pairs.length === 0 ? (
        <Empty title="There are none" />
      ) : (
        <GroupTiles
          sprite={images}
          label="Near-duplicates"
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
