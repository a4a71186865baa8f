import type { CellStore } from '../../document/document.ts'
import { encodePng, pngAddress } from '../../visualization/server.ts'
import { packSprite } from '../../visualization/sprite.ts'
import type { StudyRecord } from '../record.ts'
import { tested } from './facts.ts'

/** More bytes of pixels than this would make the page too large: cells are then given fewer images. */
const MOST_BYTES = 2_400_000

/** Gathers the images of the cells; nothing where no network has any. */
export async function cellStore(study: StudyRecord): Promise<CellStore | undefined> {
  const { height, width, channels } = study.dataset
  const size = height * width * channels
  for (const most of [6, 4, 3, 2, 1]) {
    const store = gather(study, size, most)
    if (store.indices.length === 0) return undefined
    if (store.indices.length * size > MOST_BYTES && most > 1) continue
    const sprite = packSprite({ count: store.indices.length, height, width, channels, pixels: store.pixels })
    const url = pngAddress(await encodePng(sprite))
    const { columns, tile } = sprite
    return {
      sprite: { width: sprite.width, height: sprite.height, columns, tile },
      url,
      indices: store.indices,
      figures: store.figures,
    }
  }
  return undefined
}

/** The images of all networks, each once, with at most so many for a cell. */
function gather(study: StudyRecord, size: number, most: number) {
  const places = new Map<number, number>()
  const parts: Uint8Array[] = []
  const figures: Record<string, Record<string, number[]>> = {}
  for (const { name, cellImages } of tested(study)) {
    if (cellImages === undefined) continue
    const bytes = new Uint8Array(Buffer.from(cellImages.pixels, 'base64'))
    const cells: Record<string, number[]> = {}
    let at = 0
    for (const { truth, predicted, indices } of cellImages.cells) {
      cells[`${truth},${predicted}`] = indices.slice(0, most).map((index, i) => {
        const known = places.get(index)
        if (known !== undefined) return known
        parts.push(bytes.subarray((at + i) * size, (at + i + 1) * size))
        places.set(index, parts.length - 1)
        return parts.length - 1
      })
      at += indices.length
    }
    figures[`confusion-${name}`] = cells
  }
  const pixels = new Uint8Array(parts.length * size)
  parts.forEach((part, i) => {
    pixels.set(part, i * size)
  })
  return { indices: [...places.keys()], pixels, figures }
}
