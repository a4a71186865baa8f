import type { SpriteRecord } from '../../catalog/answers.ts'
import type { Images } from '../../data/images.ts'
import { packSprite } from '../../visualization/sprite.ts'

/** Packs images into a sprite. Images without pixels have none. */
export async function spriteOf(images: Images): Promise<SpriteRecord> {
  const { height, width, channels } = images
  if (images.count === 0) return { height, width, channels, columns: 1, sprite: '' }
  const sharp = (await import('sharp')).default
  const packed = packSprite(images)
  const raw = { width: packed.width, height: packed.height, channels: packed.channels as 1 | 3 }
  const png = await sharp(packed.pixels, { raw }).png({ compressionLevel: 3 }).toBuffer()
  const sprite = `data:image/png;base64,${png.toString('base64')}`
  return { height, width, channels, columns: packed.columns, sprite }
}
