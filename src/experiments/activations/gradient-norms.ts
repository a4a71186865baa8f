import * as Plot from '@observablehq/plot'
import { decimal, powerOfTen, textWidth } from '../../visualization/format.ts'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { spread, wholeTicks } from '../../visualization/labels.ts'
import { role, series } from '../../visualization/theme.ts'
import type { ActivationsRecord } from './record.ts'

/** How long the gradient of one layer was at one time. */
export interface GradientPoint {
  readonly run: string
  readonly layer: string
  /** From 0, the layer next to the input. */
  readonly depth: number
  readonly step: number
  readonly norm: number
}

/** Every gradient that has a logarithm, layer by layer. */
export function gradientPoints({ runs }: Pick<ActivationsRecord, 'runs'>): GradientPoint[] {
  return runs.flatMap(({ name, layers, rows }) =>
    layers.flatMap((layer, depth) =>
      rows.flatMap(({ step, norms }): GradientPoint[] => {
        const norm = norms[depth]
        return norm === null || norm === undefined || norm <= 0
          ? []
          : [{ run: name, layer: layerName(layer, depth, layers.length), depth, step, norm }]
      }),
    ),
  )
}

/** What a drawing calls a layer: its number from the input, and the last the output. */
const layerName = (name: string, depth: number, layers: number) =>
  depth === layers - 1 ? 'output' : name.replace(/^.*_(\d+)$/, 'layer $1')

/** Whole powers of ten around all gradients, so that several drawings can be compared. */
export function normDomain(points: readonly GradientPoint[]): [number, number] {
  if (points.length === 0) return [0.1, 1]
  const norms = points.map((p) => p.norm)
  const power = (x: number, round: (x: number) => number) => 10 ** round(Math.log10(x))
  return [power(Math.min(...norms), Math.floor), power(Math.max(...norms) * 1.0001, Math.ceil)]
}

const margins = { marginTop: 34, marginBottom: 42, marginLeft: 46 }

/** The layers of one network, each a line, on a logarithmic scale; the nearer the input, the lighter. */
export function drawGradientNorms(
  document: Document,
  points: readonly GradientPoint[],
  options: Frame & { readonly heading: string; readonly domain: readonly [number, number] },
) {
  const layers = [...new Map(points.map((p) => [p.depth, p.layer])).entries()]
  const steps = points.map((p) => p.step)
  const x: [number, number] = [0, Math.max(1, ...steps)]
  const [low, high] = options.domain.map(Math.log10)
  const perPixel = (high - low) / (options.height - margins.marginTop - margins.marginBottom)
  const last = layers.map(([depth]) => points.findLast((p) => p.depth === depth)!)
  const places = spread(
    last.map((p) => Math.log10(p.norm)),
    14 * perPixel,
    [low, high],
  )
  const powers = Array.from({ length: Math.round(high - low) + 1 }, (_, i) => Math.round(low) + i)
  return plot(document, options, {
    ...margins,
    marginRight: 14 + Math.max(0, ...layers.map(([, name]) => textWidth(name, 12))),
    x: { domain: x },
    y: { domain: [low, high] },
    marks: [
      heading(options.heading, margins.marginLeft),
      ...quietY({ ticks: powers, tickFormat: powerOfTen }),
      quietX({ ticks: wholeTicks(0, x[1], 6), tickFormat: (d: number) => decimal(d, 0) }),
      Plot.text(['steps'], {
        frameAnchor: 'bottom',
        dy: 34,
        fill: role('muted'),
        text: (d: string) => d,
      }),
      ...layers.map(([depth]) =>
        Plot.line(
          points.filter((p) => p.depth === depth),
          {
            x: 'step',
            y: (p: GradientPoint) => Math.log10(p.norm),
            stroke: series(depth),
            strokeWidth: 1.5,
            title: 'layer',
          },
        ),
      ),
      Plot.text(last, {
        x: () => x[1],
        y: (_, i) => places[i],
        text: 'layer',
        dx: 8,
        textAnchor: 'start',
        fill: (p: GradientPoint) => series(p.depth),
      }),
    ],
  })
}
