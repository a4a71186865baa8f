import type { ImageGrid } from '../../visualization/image-grid.ts'
import { tileCorner } from '../../visualization/sprite.ts'
import type { Panel } from '../document.ts'
import type { Canvas } from './canvas.ts'
import { drawingSize, drawSvg } from './drawing.ts'
import type { Fonts } from './fonts.ts'
import { ink, muted, theme, type } from './look.ts'
import type { Item } from './pages.ts'
import { readPng } from './png.ts'
import type { Picture } from './writer.ts'

/** Where the pictures of a document are kept. */
export type Pictures = Map<string, Picture>

/** The drawings of a figure beside one another, as many in a row as there is room for; nothing where none can be drawn. */
export function panelsItem(
  panels: readonly Panel[],
  width: number,
  context: { readonly fonts: Fonts; readonly pictures: Pictures },
): Item | undefined {
  const [first] = panels
  if (first === undefined) return undefined
  if (first.type === 'images') return gridItem(first.grid, width, context)
  const drawings = panels.flatMap((panel) => (panel.type === 'plot' ? [panel] : []))
  return plotsItem(
    drawings.map((panel) => (drawings.length === 1 && panel.narrow ? panel.narrow : panel.svg)),
    width,
    context.fonts,
  )
}

const GAP = 14
/** Drawings are never enlarged beyond this. */
const LARGEST = 0.75

function plotsItem(drawings: readonly SVGSVGElement[], width: number, fonts: Fonts): Item {
  const perRow = drawings.length % 3 === 0 && drawings.length > 0 ? 3 : Math.min(2, drawings.length)
  const cell = (width - (perRow - 1) * GAP) / perRow
  const sizes = drawings.map(drawingSize)
  const scale = Math.min(LARGEST, cell / Math.max(...sizes.map((size) => size.width)))
  const rows = Array.from({ length: Math.ceil(drawings.length / perRow) }, (_, r) =>
    Math.max(...sizes.slice(r * perRow, (r + 1) * perRow).map((size) => size.height * scale)),
  )
  const tops = rows.map((_, r) => rows.slice(0, r).reduce((sum, height) => sum + height + 8, 0))
  return {
    height: tops[tops.length - 1] + rows[rows.length - 1],
    before: 0,
    keeps: true,
    draw(canvas, x, y) {
      drawings.forEach((svg, i) => {
        const left = x + (i % perRow) * (cell + GAP)
        const top = y + tops[Math.floor(i / perRow)]
        canvas.within([scale, 0, 0, scale, left, top], () => drawSvg(svg, { canvas, fonts, theme }))
      })
    },
  }
}

const dataAddress = 'data:image/png;base64,'

/** A grid of images with their labels below. */
function gridItem(
  grid: ImageGrid,
  width: number,
  { fonts, pictures }: { readonly fonts: Fonts; readonly pictures: Pictures },
): Item | undefined {
  const name = `P${pictures.size}`
  const known = [...pictures.values()].find((picture) => picture.name === grid.id)
  const picture = known ?? readPng(name, Buffer.from(grid.url.slice(dataAddress.length), 'base64'))
  if (picture === undefined || grid.labels.length === 0) return undefined
  pictures.set(grid.id, picture)
  const gap = 3
  const lines = Math.max(...grid.labels.map((label) => label.lines.length))
  // Labels of two lines are longer: such images stand wider apart.
  const columns = Math.max(
    1,
    Math.min(grid.labels.length, Math.floor((width + gap) / (lines > 1 ? 41.5 : 24))),
  )
  const pitch = (width + gap) / columns
  const side = pitch - gap
  const tall = (side * grid.sprite.tile.height) / grid.sprite.tile.width
  const step = tall + lines * type.tile.leading + 4
  return {
    height: Math.ceil(grid.labels.length / columns) * step - 2,
    before: 0,
    keeps: true,
    draw(canvas, x, y) {
      grid.labels.forEach((label, i) => {
        const place = { x: x + (i % columns) * pitch, y: y + Math.floor(i / columns) * step }
        drawTile(canvas, grid, picture, i, { ...place, width: side, height: tall })
        label.lines.forEach((text, k) => {
          const shown = fitting(text, side + gap - 1, fonts)
          const left = place.x + (side - fonts.width(shown, 'regular', type.tile.size)) / 2
          const baseline = place.y + tall + (k + 1) * type.tile.leading
          const look = { style: 'regular', size: type.tile.size, fill: k === 0 ? ink : muted } as const
          canvas.text(shown, left, baseline, look)
        })
      })
    },
  }
}

function drawTile(
  canvas: Canvas,
  { sprite }: ImageGrid,
  picture: Picture,
  i: number,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): void {
  const corner = tileCorner(sprite, i)
  const scale = box.width / sprite.tile.width
  canvas.clipped(box.x, box.y, box.width, box.height, () => {
    canvas.picture(
      picture,
      box.x - corner.x * scale,
      box.y - corner.y * scale,
      picture.width * scale,
      picture.height * scale,
    )
  })
}

function fitting(text: string, width: number, fonts: Fonts): string {
  const fits = (one: string) => fonts.width(one, 'regular', type.tile.size) <= width
  if (fits(text)) return text
  const characters = [...text]
  while (characters.length > 1 && !fits(`${characters.join('')}…`)) characters.pop()
  return `${characters.join('').trimEnd()}…`
}
