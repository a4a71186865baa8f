import type { Dataset } from '../../data/dataset.ts'
import type { CellStore } from '../../document/document.ts'
import { imagesOf } from '../../evaluation/after-evaluation.ts'
import { encodePng, pngAddress } from '../../visualization/server.ts'
import { packSprite } from '../../visualization/sprite.ts'
import type { StudyRecord } from '../record.ts'
import { tested } from './facts.ts'

/** More bytes of pixels than this would make the page too large: cells are then given fewer images. */
const MOST_BYTES = 2_400_000

/** Gathers the images of the cells of all confusion matrices; nothing where there are none, or no images to be had. */
export async function cellStore(
  study: StudyRecord,
  images: Dataset | undefined,
): Promise<CellStore | undefined> {
  if (images === undefined) return undefined
  const { height, width, channels } = study.dataset
  for (const most of [6, 4, 3, 2, 1]) {
    const { indices, figures } = gather(study, most)
    if (indices.length === 0) return undefined
    if (indices.length * height * width * channels > MOST_BYTES && most > 1) continue
    const sprite = packSprite(imagesOf(images.test, indices))
    const url = pngAddress(await encodePng(sprite))
    const { columns, tile } = sprite
    return { sprite: { width: sprite.width, height: sprite.height, columns, tile }, url, indices, figures }
  }
  return undefined
}

/** The numbers of the images of all networks, each once, with at most so many for a cell; and where each cell's lie. */
function gather(study: StudyRecord, most: number) {
  const places = new Map<number, number>()
  const placeOf = (index: number) => {
    if (!places.has(index)) places.set(index, places.size)
    return places.get(index)!
  }
  const figures: Record<string, Record<string, number[]>> = {}
  for (const { name, cellImages } of tested(study)) {
    if (cellImages === undefined) continue
    figures[`confusion-${name}`] = Object.fromEntries(
      cellImages.map(({ truth, predicted, indices }) => [
        `${truth},${predicted}`,
        indices.slice(0, most).map(placeOf),
      ]),
    )
  }
  return { indices: [...places.keys()], figures }
}
