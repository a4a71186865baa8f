import type { Explanation } from '../evaluation/explanation/explain.ts'
import { composite } from '../pictures/backdrop.ts'
import type { PictureForm } from '../pictures/form.ts'
import type { Picture } from '../pictures/picture.ts'
import type { Prepared } from '../pictures/prepare.ts'
import { resample } from '../pictures/resample.ts'
import { drawImageGrid } from '../visualization/image-grid.ts'
import { serialize } from '../visualization/serialize.ts'
import { encodePng, pngAddress, serverDocument } from '../visualization/server.ts'
import { packSprite } from '../visualization/sprite.ts'
import { light, resolveVariables } from '../visualization/theme.ts'
import { overlaid, type SmallPicture } from './small-picture.ts'

/** The side of a drawn tile, in pixels of the sprite. */
const SIDE = 224
const CUT = [16, 93, 157]

/** The middle of a square tile filled with a picture, in proportion; what is left over is of the paper's color. */
function fill(tile: Uint8Array, { width, height, channels, pixels }: SmallPicture): void {
  const scale = SIDE / Math.max(width, height)
  const [across, down] = [Math.round(scale * width), Math.round(scale * height)]
  const [left, top] = [Math.floor((SIDE - across) / 2), Math.floor((SIDE - down) / 2)]
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const p = Math.floor(y / scale) * width + Math.floor(x / scale)
      for (let c = 0; c < 3; c++)
        tile[3 * ((top + y) * SIDE + left + x) + c] = pixels[p * channels + (channels === 1 ? 0 : c)]
    }
  }
}

/** The picture at most a tile large, with the frame of what was cut out. */
function thumbnail(picture: Picture, { box }: Prepared, { backdrop }: PictureForm): SmallPicture {
  const { width, height, channels } = composite(picture, backdrop)
  const scale = Math.min(1, SIDE / Math.max(width, height))
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const whole = { left: 0, top: 0, width, height }
  const planes = channels.map((values) => resample({ width, height, values }, whole, across, down).values)
  const [left, top] = [Math.floor(box.left * scale), Math.floor(box.top * scale)]
  const right = Math.min(across - 1, Math.ceil((box.left + box.width) * scale) - 1)
  const bottom = Math.min(down - 1, Math.ceil((box.top + box.height) * scale) - 1)
  const isFrame = (x: number, y: number) =>
    x >= left &&
    x <= right &&
    y >= top &&
    y <= bottom &&
    (x === left || x === right || y === top || y === bottom)
  const pixels = Uint8Array.from({ length: 3 * across * down }, (_, i) => {
    const [p, c] = [Math.floor(i / 3), i % 3]
    return isFrame(p % across, Math.floor(p / across)) ? CUT[c] : planes[c][p]
  })
  return { width: across, height: down, channels: 3, pixels }
}

/** What became of the picture, in words. */
function howSeen({ kind, isInverted }: Prepared, form: PictureForm): string {
  if (kind === 'same') return 'as it is'
  if (form.kind === 'whole') return `the whole of it, ${form.width}×${form.height}`
  if (isInverted) return `inverted, as its ground is ${form.ground === 'dark' ? 'light' : 'dark'}`
  return form.ground === 'dark' ? 'on black' : 'on white'
}

/** What was recognized, and why. */
export interface Explained {
  readonly file: string
  /** The answer in words. */
  readonly said: string
  readonly picture: Picture
  readonly prepared: Prepared
  readonly form: PictureForm
  readonly seen: SmallPicture
  readonly explanation: Explanation
}

/** The picture, what the network saw of it, and where it looked (Grad-CAM; saliency for networks without convolutions), as SVG. */
export async function drawExplained({
  file,
  said,
  picture,
  prepared,
  form,
  seen,
  explanation,
}: Explained): Promise<string> {
  const { gradCam, saliency } = explanation
  const shown = [thumbnail(picture, prepared, form), seen, overlaid(seen, gradCam ?? saliency)]
  const pixels = new Uint8Array(shown.length * 3 * SIDE * SIDE).fill(255)
  shown.forEach((one, i) => {
    fill(pixels.subarray(i * 3 * SIDE * SIDE, (i + 1) * 3 * SIDE * SIDE), one)
  })
  const sprite = packSprite(
    { count: shown.length, height: SIDE, width: SIDE, channels: 3, pixels },
    shown.length,
  )
  const how = howSeen(prepared, form)
  const labels = [
    { lines: [file, said], title: `${file}: ${said}` },
    { lines: ['what the network saw', how], title: `What the network saw: ${how}` },
    {
      lines: ['where it looked', gradCam ? `Grad-CAM at ${gradCam.layer}` : 'input gradient'],
      title: 'Where it looked: warm is what spoke most for the class',
    },
  ]
  const svg = drawImageGrid(serverDocument(), {
    ...{
      title: `${file}: ${said}`,
      description: 'The picture, what the network saw of it, and where it looked.',
    },
    ...{
      id: 'explained',
      sprite,
      url: pngAddress(await encodePng(sprite)),
      labels,
      columns: 3,
      tileWidth: SIDE,
    },
  })
  svg.setAttribute('style', `background: ${light.paper}`)
  return resolveVariables(serialize(svg), light)
}
