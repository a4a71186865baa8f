import * as Plot from '@observablehq/plot'
import { greatest, least } from '../../base/extremes.ts'
import { counted, ellipsis, textWidth } from '../../visualization/format.ts'
import { type Frame, plot } from '../../visualization/frame.ts'
import { dashes, role, series } from '../../visualization/theme.ts'
import type { MapRecord } from './record.ts'

/** An image on the map, in pixels of the drawing. */
export interface MapPoint {
  readonly x: number
  readonly y: number
  /** Its number in the test split. */
  readonly index: number
  readonly label: number
  readonly predicted: number
}

/** A class's name on the map. */
export interface MapLabel {
  readonly label: number
  readonly text: string
  readonly x: number
  readonly y: number
}

export interface MapFrame extends Frame {
  readonly heading: string
  readonly classNames: readonly string[]
}

const margins = { top: 34, bottom: 14, left: 14, right: 14 }
const SIZE = 11
const LINE = 14

/** The points of a map, drawn as large as the frame allows, one scale for both axes so that distances can be compared. */
export function mapPoints(
  { indices, labels, predicted }: Pick<MapRecord, 'indices' | 'labels' | 'predicted'>,
  places: MapRecord['pca']['places'],
  { width, height }: Pick<Frame, 'width' | 'height'>,
): MapPoint[] {
  const extent = (axis: 0 | 1) => {
    const values = places.map((place) => place[axis])
    return [least(values), greatest(values)]
  }
  const [[left, right], [low, high]] = [extent(0), extent(1)]
  const room = { x: width - margins.left - margins.right, y: height - margins.top - margins.bottom }
  const scale = Math.min(room.x / (right - left || 1), room.y / (high - low || 1))
  const middle = { x: margins.left + room.x / 2, y: margins.top + room.y / 2 }
  return places.map(([x, y], i) => ({
    x: middle.x + (x - (left + right) / 2) * scale,
    y: middle.y - (y - (low + high) / 2) * scale,
    index: indices[i],
    label: labels[i],
    predicted: predicted[i],
  }))
}

/** Pixels within which points are neighbors. */
const NEAR = 30

/** The point with the most others around it: within the largest group of a class that lies in several. */
function densest(points: readonly MapPoint[]): MapPoint {
  const near = points.map((a) => points.filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < NEAR).length)
  return points[near.indexOf(Math.max(...near))]
}

/** Where the classes' names stand: where most of their points lie, moved up and down until none covers another. */
export function mapLabels(
  points: readonly MapPoint[],
  { classNames, width, height }: Omit<MapFrame, keyof Frame | 'heading'> & Pick<Frame, 'width' | 'height'>,
): MapLabel[] {
  const labels = classNames.flatMap((name, label) => {
    const own = points.filter((point) => point.label === label)
    if (own.length === 0) return []
    const text = ellipsis(name, 18)
    const middle = densest(own)
    const half = textWidth(text, SIZE) / 2
    const x = Math.min(Math.max(middle.x, half), width - half)
    return [{ label, text, half, x, y: middle.y }]
  })
  labels.sort((a, b) => a.y - b.y || a.label - b.label)
  for (let round = 0; round < 40; round++) {
    for (const label of labels) label.y = Math.min(Math.max(label.y, margins.top), height - margins.bottom)
    labels.forEach((a, i) => {
      for (const b of labels.slice(i + 1)) {
        const overlap = LINE - (b.y - a.y)
        if (overlap <= 0 || Math.abs(a.x - b.x) >= a.half + b.half + 4) continue
        a.y -= overlap / 2
        b.y += overlap / 2
      }
    })
  }
  return labels.map(({ half: _, ...rest }) => rest)
}

/** What a class is on the map, in words: how many images, how many of them mistaken. */
export function classOnMap(
  points: readonly MapPoint[],
  label: number,
  classNames: readonly string[],
): string {
  const own = points.filter((point) => point.label === label)
  const wrong = own.filter((point) => point.predicted !== label).length
  return `${classNames[label]}: ${counted(own.length, 'image')}, ${wrong === 0 ? 'none' : wrong} mistaken`
}

/** Every image a dot in its class's color; those that the network mistakes have a ring. */
export function drawHiddenMap(document: Document, points: readonly MapPoint[], frame: MapFrame) {
  const { classNames } = frame
  const classes = classNames
    .map((_, label) => label)
    .filter((label) => points.some((point) => point.label === label))
  const name = (point: MapPoint) =>
    `test image ${point.index}: ${classNames[point.label]}${point.predicted === point.label ? '' : `, said ${classNames[point.predicted]}`}`
  const dots = (label: number) =>
    Plot.dot(
      points.filter((point) => point.label === label),
      {
        x: 'x',
        y: 'y',
        r: 2.6,
        symbol: dashes(label) === '' ? 'circle' : 'triangle',
        fill: series(label),
        fillOpacity: 0.8,
        stroke: (point: MapPoint) => (point.predicted === label ? 'none' : role('ink')),
        strokeWidth: 1.1,
        title: name,
      },
    )
  const svg = plot(document, frame, {
    marginTop: 0,
    marginBottom: 0,
    marginLeft: 0,
    marginRight: 0,
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    color: { type: 'identity' },
    marks: [
      Plot.text([frame.heading], {
        frameAnchor: 'top-left',
        dx: 2,
        dy: 2,
        fill: role('ink'),
        fontWeight: 600,
        text: (d: string) => d,
      }),
      ...classes.map(dots),
      Plot.text(mapLabels(points, frame), {
        x: 'x',
        y: 'y',
        text: 'text',
        fontSize: SIZE,
        fontWeight: 600,
        fill: role('ink'),
        stroke: role('paper'),
        strokeWidth: 4,
        pointerEvents: 'none',
      }),
    ],
  })
  svg.querySelectorAll('g[data-mark="dot"]').forEach((group, i) => {
    group.setAttribute('data-mark', `class ${classOnMap(points, classes[i], classNames)}`)
  })
  return svg
}
