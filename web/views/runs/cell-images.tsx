import { counted, integer } from '../../../src/visualization/format.ts'
import { useAsked } from '../../parts/asked.ts'
import { ServerFailure } from '../../parts/connection.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loading } from '../../parts/states.tsx'
import { type SpriteRecord, Tiles } from '../../parts/tiles.tsx'
import { idIn } from '../../server/api.ts'

type Answer = SpriteRecord & { readonly total: number; readonly items: readonly { readonly index: number }[] }

interface CellImagesProps {
  readonly id: string
  readonly truth: number
  readonly predicted: number
  readonly classNames: readonly string[]
  onClose(): void
}

/** The images behind a cell of a confusion matrix. */
export function CellImages({ id, truth, predicted, classNames, onClose }: CellImagesProps) {
  const path = `/api/runs/${idIn(id)}/test/images?truth=${truth}&predicted=${predicted}&most=60`
  const { value, error, again } = useAsked<Answer>(path)
  const [is, said] = [classNames[truth] ?? `class ${truth}`, classNames[predicted] ?? `class ${predicted}`]
  const title = truth === predicted ? `${is}, recognized` : `${is} taken for ${said}`
  return (
    <Dialog title={title} onClose={onClose}>
      {value === undefined ? (
        error === undefined ? (
          <Loading what="Fetching the images" />
        ) : (
          <ServerFailure error={error} retry={again} />
        )
      ) : value.items.length === 0 ? (
        <p>No image fell into this cell.</p>
      ) : (
        <>
          <p class="hint">
            {value.total > value.items.length
              ? `The first ${value.items.length} of ${counted(value.total, 'test image')}.`
              : `${counted(value.total, 'test image')}.`}
          </p>
          <Tiles sprite={value} label={title} size="small">
            {value.items.map(({ index }) => (
              <p key={index}>{integer(index)}</p>
            ))}
          </Tiles>
        </>
      )}
    </Dialog>
  )
}
