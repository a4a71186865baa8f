import { counted } from '../../../src/visualization/format.ts'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Field } from '../../parts/field.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Loading } from '../../parts/states.tsx'
import { addressOf, place } from '../../router.ts'
import { idIn } from '../../server/api.ts'
import type { DatasetAnswer, ShelfRow } from './answers.ts'
import { Duplicates } from './duplicates.tsx'
import { Images } from './images.tsx'
import { Labels } from './labels.tsx'
import { Overview } from './overview.tsx'

const parts = [
  ['', 'Overview', Overview],
  ['images', 'Images', Images],
  ['duplicates', 'Duplicates', Duplicates],
  ['labels', 'Labels', Labels],
] as const

interface DatasetPageProps {
  readonly id: string
  readonly sets: readonly ShelfRow[]
}

/** One dataset: what is in it, and what is wrong with it. */
export function DatasetPage({ id, sets }: DatasetPageProps) {
  const { value, error, again } = useAsked<DatasetAnswer>(`/api/data/${idIn(id)}`)
  const asked = place.value.query.get('part') ?? ''
  const [part, , Part] = parts.find(([name]) => name === asked) ?? parts[0]
  const choices = sets.map((set) => [set.id, set.source] as const)
  return (
    <div class="view data">
      <Heading title={value?.title ?? 'Data'}>{value?.title ?? 'Data'}</Heading>
      {value !== undefined && (
        <p class="lead">
          {counted(value.counts.train, 'training image')} and {counted(value.counts.test, 'test image')} of{' '}
          {counted(value.classes.length, 'class', 'classes')}.
        </p>
      )}
      {sets.length > 1 && (
        <div class="which">
          <Field
            label="Data"
            value={id}
            choices={choices.some(([known]) => known === id) ? choices : [[id, id], ...choices]}
            onInput={(set) => {
              location.hash = addressOf('data', { set, ...(part === '' ? {} : { part }) })
            }}
          />
        </div>
      )}
      {value === undefined ? (
        error === undefined ? (
          <Loading what="Opening the images" />
        ) : (
          <ServerFailure error={error} retry={again} />
        )
      ) : (
        <>
          <nav class="parts" aria-label="Parts of the data">
            <ul>
              {parts.map(([name, title]) => (
                <li key={name}>
                  <a
                    href={addressOf('data', { set: id, ...(name === '' ? {} : { part: name }) })}
                    aria-current={name === part ? 'page' : undefined}
                  >
                    {title}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <Part data={value} />
        </>
      )}
    </div>
  )
}
