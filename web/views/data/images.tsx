import type { DatasetAnswer } from '../../../src/catalog/answers.ts'
import { counted, integer } from '../../../src/visualization/format.ts'
import { route, updateQuery } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Field } from '../../parts/field.tsx'
import { currentPage, Pager } from '../../parts/pager.tsx'
import { Empty } from '../../parts/states.tsx'
import { Tiles } from '../../parts/tiles.tsx'

/** Images of one page. */
const SIZE = 100

/** The training images, of all classes or of one, page by page. */
export function Images({ data }: { readonly data: DatasetAnswer }) {
  const { id, classes, counts } = data
  const chosen = classes.find(({ label }) => String(label) === route.value.query.get('class'))
  const total = chosen?.train ?? counts.train
  const query = { page: currentPage(total, SIZE), size: SIZE }
  const request = useFetch(
    total === 0
      ? undefined
      : endpoints.images(id, chosen === undefined ? query : { class: chosen.label, ...query }),
  )
  return (
    <section aria-labelledby="images">
      <h2 id="images">{chosen === undefined ? 'All training images' : chosen.name}</h2>
      <div class="which">
        <Field
          label="Class"
          value={chosen === undefined ? '' : String(chosen.label)}
          choices={[
            ['', 'all classes'],
            ...classes.map(
              ({ label, name, train }) => [String(label), `${name} (${integer(train)})`] as const,
            ),
          ]}
          onInput={(label) => updateQuery({ class: label, page: undefined })}
        />
      </div>
      <Pager noun="image" total={total} size={SIZE} />
      {total === 0 ? (
        <Empty title="No image has this class" />
      ) : (
        <Await request={request} loading={`Fetching ${counted(Math.min(SIZE, total), 'image')}`}>
          {({ items, ...sprite }) => (
            <Tiles sprite={sprite} label={chosen?.name ?? 'Training images'} size="small">
              {items.map(({ index, label }) => (
                <p key={index}>
                  {chosen === undefined && (
                    <>
                      {classes[label]?.name ?? label}
                      <br />
                    </>
                  )}
                  <small>{integer(index)}</small>
                </p>
              ))}
            </Tiles>
          )}
        </Await>
      )}
    </section>
  )
}
