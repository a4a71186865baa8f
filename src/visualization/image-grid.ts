import type { Mistake } from '../evaluation/metrics.ts'
import { decimal, ellipsis } from './format.ts'
import { describe, type Frame, svgElement } from './frame.ts'
import { type Sprite, tileCorner } from './sprite.ts'
import { role, sans } from './theme.ts'

/** The lines of text under each image of a grid. */
export interface TileLabel {
  readonly lines: readonly string[]
  /** The whole story, for the pointer and for those who hear the page. */
  readonly title: string
}

/** Labels that name the class of each image. */
export function classLabels(labels: readonly number[], classNames: readonly string[]): TileLabel[] {
  return labels.map((label) => ({ lines: [classNames[label]], title: classNames[label] }))
}

/** Labels of mistakes: what was said and how surely, and what it is. */
export function mistakeLabels(mistakes: readonly Mistake[], classNames: readonly string[]): TileLabel[] {
  return mistakes.map(({ index, truth, predicted, probability }) => {
    const said = `said ${classNames[predicted]} ${decimal(probability, 2)}`
    const is = `is ${classNames[truth]}`
    return { lines: [said, is], title: `Test image ${index}: ${said}, ${is}` }
  })
}

/** Images with their labels in one drawing; `url` is the sprite as a data address, `id` unique on the page. */
export interface ImageGrid extends Pick<Frame, 'title' | 'description'> {
  readonly id: string
  readonly sprite: Pick<Sprite, 'width' | 'height' | 'columns' | 'tile'>
  readonly url: string
  readonly labels: readonly TileLabel[]
  readonly columns: number
  /** How wide one image is drawn, in pixels. */
  readonly tileWidth: number
}

const lineHeight = 14
const gap = 10

/** Draws the grid with real text below every image. The sprite is carried once, however many images it holds. */
export function drawImageGrid(document: Document, grid: ImageGrid): SVGSVGElement {
  const { sprite, columns, tileWidth, labels } = grid
  const tileHeight = (tileWidth * sprite.tile.height) / sprite.tile.width
  const lines = Math.max(0, ...labels.map((label) => label.lines.length))
  const pitch = { x: tileWidth + gap, y: tileHeight + lines * lineHeight + gap + 4 }
  const width = Math.max(1, Math.min(columns, labels.length)) * pitch.x
  const height = Math.max(1, Math.ceil(labels.length / columns)) * pitch.y
  const svg = root(document, width, height)
  svg.append(spriteElement(document, grid))
  labels.forEach((label, i) => {
    const place = { x: (i % columns) * pitch.x + gap / 2, y: Math.floor(i / columns) * pitch.y }
    svg.append(tile(document, grid, i, { ...place, width: tileWidth, height: tileHeight }))
    svg.append(
      ...label.lines.map((text, k) =>
        labelText(document, text, place, tileWidth, tileHeight + (k + 1) * lineHeight),
      ),
    )
  })
  return describe(svg, { ...grid, width, height })
}

function root(document: Document, width: number, height: number): SVGSVGElement {
  return svgElement(document, 'svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    fill: role('ink'),
    'font-family': sans,
    'font-size': 11,
    style: 'max-width: 100%; height: auto',
  }) as SVGSVGElement
}

/** The sprite as something that tiles can point at. */
export function spriteElement(
  document: Document,
  { id, sprite, url }: Pick<ImageGrid, 'id' | 'sprite' | 'url'>,
) {
  const defs = svgElement(document, 'defs')
  const size = { width: sprite.width, height: sprite.height }
  defs.append(svgElement(document, 'image', { id, href: url, ...size, style: 'image-rendering: pixelated' }))
  return defs
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function tile(document: Document, grid: ImageGrid, i: number, box: Box): SVGElement {
  const { x, y } = tileCorner(grid.sprite, i)
  const viewBox = `${x} ${y} ${grid.sprite.tile.width} ${grid.sprite.tile.height}`
  const window = svgElement(document, 'svg', { ...box, viewBox, overflow: 'hidden' })
  window.append(
    svgElement(document, 'title', {}, grid.labels[i].title),
    svgElement(document, 'use', { href: `#${grid.id}` }),
  )
  return window
}

function labelText(
  document: Document,
  text: string,
  place: { readonly x: number; readonly y: number },
  width: number,
  below: number,
): SVGElement {
  const most = Math.floor((width + gap - 2) / 5.7)
  const at = { x: place.x + width / 2, y: place.y + below, 'text-anchor': 'middle' }
  return svgElement(document, 'text', at, ellipsis(text, most))
}
