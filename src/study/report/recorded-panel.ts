import type { Panel } from '../../document/document.ts'
import { imagesPanel, type Look } from '../../document/images-panel.ts'
import type { DatasetRecord } from '../../record/dataset.ts'
import type { TileLabel } from '../../visualization/image-grid.ts'

/** A panel of recorded images with a label each. Images without a label, and labels without an image, are left out. */
export async function recordedPanel(
  sizes: Pick<DatasetRecord, 'height' | 'width' | 'channels'>,
  base64: string,
  labels: readonly TileLabel[],
  look: Look,
): Promise<Panel> {
  const { height, width, channels } = sizes
  const pixels = new Uint8Array(Buffer.from(base64, 'base64'))
  const count = Math.min(labels.length, Math.floor(pixels.length / (height * width * channels)))
  return imagesPanel({ count, height, width, channels, pixels }, labels.slice(0, count), look)
}
