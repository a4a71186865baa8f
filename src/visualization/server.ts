import { parseHTML } from 'linkedom'
import sharp from 'sharp'
import type { Sprite } from './sprite.ts'

/** A document to draw in where there is no page. */
export function serverDocument(): Document {
  return parseHTML('<!doctype html><html><head></head><body></body></html>').document
}

/** A sprite as the bytes of a PNG: one, three or four channels. */
export async function encodePng({ width, height, channels, pixels }: Sprite): Promise<Uint8Array> {
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`A picture has 1, 3 or 4 channels, not ${channels}.`)
  }
  const image = sharp(pixels, { raw: { width, height, channels } })
  const colored = channels === 1 ? image.toColorspace('b-w') : image
  return new Uint8Array(await colored.png({ compressionLevel: 9 }).toBuffer())
}

/** Bytes of a PNG as an address that needs no network. */
export const pngAddress = (png: Uint8Array) => `data:image/png;base64,${Buffer.from(png).toString('base64')}`
