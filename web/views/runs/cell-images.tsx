import { counted, integer } from '../../../src/visualization/format.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Tiles } from '../../parts/tiles.tsx'

/** Images that are shown of a cell. */
const MOST = 60

interface CellImagesProps {
  readonly id: string
  readonly truth: number
  readonly predicted: number
  readonly classNames: readonly string[]
  onClose(): void
}

/** The images behind a cell of a confusion matrix. */
export function CellImages({ id, truth, predicted, classNames, onClose }: CellImagesProps) {
  const request = useFetch(endpoints.cellImages(id, truth, predicted, MOST))
  const [actual, given] = [
    classNames[truth] ?? `class ${truth}`,
    classNames[predicted] ?? `class ${predicted}`,
  ]
  const title = truth === predicted ? `${actual}, recognized` : `${actual} taken for ${given}`
  return (
    <Dialog title={title} onClose={onClose}>
      <Await request={request} loading="Fetching the images">
        {({ items, total, ...sprite }) =>
          items.length === 0 ? (
            <p>No image is in this cell.</p>
          ) : (
            <>
              <p class="hint">
                {total > items.length
                  ? `The first ${items.length} of ${counted(total, 'test image')}.`
                  : `${counted(total, 'test image')}.`}
              </p>
              <Tiles sprite={sprite} label={title} size="small">
                {items.map(({ index }) => (
                  <p key={index}>{integer(index)}</p>
                ))}
              </Tiles>
            </>
          )
        }
      </Await>
    </Dialog>
  )
}
