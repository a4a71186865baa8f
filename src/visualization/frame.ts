import * as Plot from '@observablehq/plot'
import { role, sans } from './theme.ts'

/** What every drawing says of itself to those who cannot see it, and its size in pixels before it is scaled. */
export interface Frame {
  readonly title: string
  readonly description: string
  readonly width: number
  readonly height: number
}

const SVG = 'http://www.w3.org/2000/svg'

/** An element of SVG with attributes. */
export function svgElement(
  document: Document,
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  text?: string,
): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  if (text !== undefined) element.textContent = text
  return element
}

/** Gives a drawing its role, name and description. */
export function describe<T extends Element>(svg: T, { title, description }: Frame): T {
  const document = svg.ownerDocument
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', title)
  svg.prepend(svgElement(document, 'title', {}, title), svgElement(document, 'desc', {}, description))
  return svg
}

/** Set as an attribute: linkedom knows no other way to give a style as text. */
const dress = [
  `font-family: ${sans.replaceAll('"', "'")}`,
  'font-size: 12px',
  `color: ${role('ink')}`,
  'overflow: visible',
  `--plot-background: ${role('paper')}`,
].join('; ')

/** Hands marks to Observable Plot and dresses the result. The document is the page's own, or linkedom's in Node. */
export function plot(document: Document, frame: Frame, options: Plot.PlotOptions): SVGSVGElement {
  const svg = Plot.plot({
    ...options,
    document,
    width: frame.width,
    height: frame.height,
  })
  svg.setAttribute('xmlns', SVG)
  svg.setAttribute('style', dress)
  nameMarks(svg)
  roundGeometry(svg)
  return describe(svg as unknown as SVGSVGElement, frame)
}

/** Hairlines across and their numbers, without ticks: the look of every y axis. */
export function quietY(options: Plot.AxisYOptions = {}): Plot.Markish[] {
  return [
    Plot.gridY({ stroke: role('rule'), strokeOpacity: 1, ...ticksOf(options) }),
    Plot.axisY({ tickSize: 0, fill: role('muted'), label: null, ...options }),
  ]
}

/** The same along x. */
export function quietX(options: Plot.AxisXOptions = {}): Plot.Markish {
  return Plot.axisX({ tickSize: 0, fill: role('muted'), label: null, ...options })
}

const ticksOf = ({ ticks }: Plot.AxisYOptions) => (ticks === undefined ? {} : { ticks })

/** The name of an axis in the top left corner, where it is read first. */
export function heading(text: string, marginLeft: number): Plot.Markish {
  return Plot.text([text], {
    frameAnchor: 'top-left',
    dx: -marginLeft,
    dy: -20,
    textAnchor: 'start',
    fill: role('ink'),
    fontWeight: 600,
    text: (d: string) => d,
  })
}

/** Plot names groups for those who hear the page, but a group without a role may not have a name: it is kept for scripts. */
function nameMarks(svg: Element): void {
  for (const group of svg.querySelectorAll('g[aria-label]')) {
    group.setAttribute('data-mark', group.getAttribute('aria-label') ?? '')
    group.removeAttribute('aria-label')
  }
}

const geometry = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'cx', 'cy']

/** Two decimals of a pixel are enough, and the same in every engine. */
function roundGeometry(svg: Element): void {
  for (const element of svg.querySelectorAll('*')) {
    for (const name of geometry) {
      const value = element.getAttribute(name)
      if (value?.includes('.'))
        element.setAttribute(name, value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, twoDecimals))
    }
  }
}

const twoDecimals = (text: string) => String(Math.round(Number(text) * 100) / 100)
