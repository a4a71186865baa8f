import type { DatasetRow } from '../../../src/catalog/answers.ts'
import { counted } from '../../../src/visualization/format.ts'
import { hrefOf, route } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Field } from '../../parts/field.tsx'
import { Heading } from '../../parts/heading.tsx'
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
  readonly sets: readonly DatasetRow[]
}

/** One dataset: what is in it, and what is wrong with it. */
export function DatasetPage({ id, sets }: DatasetPageProps) {
  const request = useFetch(endpoints.dataset(id))
  const { value } = request
  const asked = route.value.query.get('part') ?? ''
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
              location.hash = hrefOf('data', { set, part })
            }}
          />
        </div>
      )}
      <Await request={request} loading="Opening the images">
        {(data) => (
          <>
            <nav class="parts" aria-label="Parts of the data">
              <ul>
                {parts.map(([name, title]) => (
                  <li key={name}>
                    <a
                      href={hrefOf('data', { set: id, part: name })}
                      aria-current={name === part ? 'page' : undefined}
                    >
                      {title}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <Part data={data} />
          </>
        )}
      </Await>
    </div>
  )
}
