import type { Panel } from '../../document/document.ts'
import type { DatasetRecord } from '../../record/dataset.ts'
import type { TileLabel } from '../../visualization/image-grid.ts'
import { encodePng, pngAddress } from '../../visualization/server.ts'
import { packSprite } from '../../visualization/sprite.ts'

/** How a grid of images is to look. */
export interface Look {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly columns: number
  readonly tileWidth: number
}

/** A panel of recorded images with a label each. Images without a label, and labels without an image, are left out. */
export async function imagesPanel(
  sizes: Pick<DatasetRecord, 'height' | 'width' | 'channels'>,
  pixels: string,
  labels: readonly TileLabel[],
  look: Look,
): Promise<Panel> {
  const { height, width, channels } = sizes
  const bytes = new Uint8Array(Buffer.from(pixels, 'base64'))
  const count = Math.min(labels.length, Math.floor(bytes.length / (height * width * channels)))
  const sprite = packSprite({ count, height, width, channels, pixels: bytes })
  const url = pngAddress(await encodePng(sprite))
  const grid = { ...look, id: `sprite-${look.name}`, sprite, url, labels: labels.slice(0, count) }
  return { type: 'images', name: look.name, title: look.title, grid }
}
