import type { Images } from '../data/dataset.ts'
import type { TileLabel } from '../visualization/image-grid.ts'
import { encodePng, pngAddress } from '../visualization/server.ts'
import { packSprite } from '../visualization/sprite.ts'
import type { Panel } from './document.ts'

/** How a grid of images is to look. */
export interface Look {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly columns: number
  readonly tileWidth: number
}

/** A panel of images with a label each: as many labels as images. */
export async function imagesPanel(images: Images, labels: readonly TileLabel[], look: Look): Promise<Panel> {
  const sprite = packSprite(images)
  const url = pngAddress(await encodePng(sprite))
  const grid = { ...look, id: `sprite-${look.name}`, sprite, url, labels }
  return { type: 'images', name: look.name, title: look.title, grid }
}
