import { useState } from 'preact/hooks'
import type { TestRecord } from '../../../src/record/evaluation.ts'
import { decimal, integer } from '../../../src/visualization/format.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Tiles } from '../../parts/tiles.tsx'

/** At first so many. */
const FEW = 12

interface WorstProps {
  readonly id: string
  readonly test: TestRecord
  readonly classNames: readonly string[]
}

/** The wrong answers that the network was surest of. */
export function Worst({ id, test: { worst }, classNames }: WorstProps) {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? worst : worst.slice(0, FEW)
  const indices = shown.map(({ index }) => index)
  const request = useFetch(indices.length === 0 ? undefined : endpoints.testImages(id, indices))
  return (
    <section aria-labelledby="worst">
      <h3 id="worst">The worst mistakes</h3>
      <p class="hint">The wrong answers with the highest probability.</p>
      {worst.length === 0 ? (
        <p>There are none.</p>
      ) : (
        <Await request={request} loading="Fetching the images">
          {(sprite) => (
            <Tiles sprite={sprite} label="The worst mistakes">
              {shown.map(({ index, truth, predicted, probability }) => (
                <p key={index}>
                  said <b>{classNames[predicted]}</b> {decimal(probability, 2)}
                  <br />
                  is {classNames[truth]}
                  <br />
                  <small>image {integer(index)}</small>
                </p>
              ))}
            </Tiles>
          )}
        </Await>
      )}
      {worst.length > FEW && !isAll && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {worst.length}
        </button>
      )}
    </section>
  )
}
