import * as Plot from '@observablehq/plot'
import { role } from '../../visualization/theme.ts'

/** Room around a figure of values by trial or by epoch: a heading and a key above, ticks and the axis' name below. */
export const searchMargins = { marginTop: 34, marginBottom: 42, marginLeft: 54, marginRight: 16 }

/** What the horizontal axis counts, below its middle. */
export const axisName = (name: string): Plot.Markish =>
  Plot.text([name], { frameAnchor: 'bottom', dy: 36, fill: role('muted'), text: (d: string) => d })

/** What the marks mean, in the upper right, each in its color and so many pixels from the next. */
export const cornerKey = (
  entries: readonly { readonly text: string; readonly fill: string }[],
  apart: number,
): Plot.Markish =>
  entries.map(({ text, fill }, i) =>
    Plot.text([text], {
      frameAnchor: 'top-right',
      dx: -(entries.length - 1 - i) * apart,
      dy: -20,
      textAnchor: 'end',
      fill,
      text: (d: string) => d,
    }),
  )
