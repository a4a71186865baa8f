import * as Plot from '@observablehq/plot'
import { percent } from './format.ts'
import { type Frame, heading, plot, quietX, quietY } from './frame.ts'
import { role, series } from './theme.ts'

/** The share of pixels whose byte lies in [from, to]. */
export interface PixelBin {
  readonly from: number
  readonly to: number
  readonly share: number
}

/** How pixels spread over their 256 values ([256] counts), in bins of `size` values. */
export function pixelBins(counts: readonly number[], size = 8): PixelBin[] {
  const total = counts.reduce((a, b) => a + b, 0)
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, i) => {
    const own = counts.slice(i * size, (i + 1) * size).reduce((a, b) => a + b, 0)
    return {
      from: i * size,
      to: Math.min(counts.length, (i + 1) * size) - 1,
      share: total === 0 ? 0 : own / total,
    }
  })
}

const margins = { marginTop: 34, marginBottom: 40, marginLeft: 54, marginRight: 12 }

/** Bars over the values of a pixel; heights grow with the root, since most pixels of drawn things are background. */
export function drawPixelHistogram(document: Document, bins: readonly PixelBin[], frame: Frame) {
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, 256] },
    y: { domain: [0, Math.max(0.01, ...bins.map(({ share }) => share))], type: 'sqrt' },
    marks: [
      heading('Share of the pixels', margins.marginLeft),
      ...quietY({ ticks: 4, tickFormat: (d: number) => percent(d, 0) }),
      quietX({ ticks: [0, 64, 128, 192, 255], tickFormat: (d: number) => `${d}` }),
      Plot.text(['value, 0 is black'], {
        frameAnchor: 'bottom',
        dy: 34,
        fill: role('muted'),
        text: (d: string) => d,
      }),
      Plot.rectY(bins, {
        x1: 'from',
        x2: (d: PixelBin) => d.to + 1,
        y: 'share',
        inset: 0.5,
        fill: series(3),
        fillOpacity: 0.75,
        title: (d: PixelBin) => `Values ${d.from} to ${d.to}: ${percent(d.share, 2)} of the pixels`,
      }),
      Plot.ruleY([0], { stroke: role('muted') }),
    ],
  })
}
