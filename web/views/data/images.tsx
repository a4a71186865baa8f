import { counted, integer } from '../../../src/visualization/format.ts'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Field } from '../../parts/field.tsx'
import { Pager, within } from '../../parts/pager.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { Tiles } from '../../parts/tiles.tsx'
import { place } from '../../router.ts'
import { idIn } from '../../server/api.ts'
import type { DatasetAnswer, ImagesAnswer } from './answers.ts'

/** Images of one page. */
const SIZE = 100

/** The training images, of all classes or of one, page by page. */
export function Images({ data }: { readonly data: DatasetAnswer }) {
  const { id, classes, counts } = data
  const { query } = place.value
  const chosen = classes.find(({ label }) => String(label) === query.get('class'))
  const total = chosen?.train ?? counts.train
  const page = within(Number(query.get('page') ?? 0), total, SIZE)
  const which = chosen === undefined ? '' : `class=${chosen.label}&`
  const { value, error, again } = useAsked<ImagesAnswer>(
    total === 0 ? undefined : `/api/data/${idIn(id)}/images?${which}page=${page}&size=${SIZE}`,
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
          onInput={(label) => rememberMore({ class: label, page: undefined })}
        />
      </div>
      <Pager
        noun="image"
        total={total}
        size={SIZE}
        page={page}
        onPage={(next) => rememberMore({ page: next === 0 ? undefined : String(next) })}
      />
      {total === 0 ? (
        <Empty title="No image has this class" />
      ) : error !== undefined ? (
        <ServerFailure error={error} retry={again} />
      ) : value === undefined ? (
        <Loading what={`Fetching ${counted(Math.min(SIZE, total), 'image')}`} />
      ) : (
        <Tiles sprite={value} label={chosen?.name ?? 'Training images'} size="small">
          {value.items.map(({ index, label }) => (
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
    </section>
  )
}
