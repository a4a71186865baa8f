import { light, type Theme } from '../../visualization/theme.ts'
import type { Geometry } from './pages.ts'

/** A4 in points, with two columns. */
export const geometry: Geometry = {
  width: 595.28,
  height: 841.89,
  margin: { top: 54, bottom: 58, side: 46 },
  gutter: 20,
}

/** Sizes of type and the distances of baselines, in points. */
export const type = {
  title: { size: 19, leading: 23 },
  subtitle: { size: 9, leading: 13 },
  heading: { size: 11.5, leading: 15 },
  body: { size: 9.2, leading: 11.9 },
  caption: { size: 7.9, leading: 9.8 },
  table: { size: 7.9, leading: 9.8 },
  tile: { size: 4.8, leading: 5.8 },
} as const

/** The light theme on white paper. */
export const theme: Theme = { ...light, paper: '#ffffff' }

export const ink = { color: theme.ink, opacity: 1 }
export const muted = { color: theme.muted, opacity: 1 }
export const rule = (width: number, color = theme.ink) => ({
  color,
  opacity: 1,
  width,
  dashes: [],
  isRound: false,
})
