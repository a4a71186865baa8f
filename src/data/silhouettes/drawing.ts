import type { Outline } from './geometry.ts'

/**
 * One step of a drawing, in the order of painting. `cloth` covers what lies below, `detail` marks only where there is
 * cloth already, `hole` takes cloth away.
 */
export interface Layer {
  readonly type: 'cloth' | 'detail' | 'hole'
  readonly outline: Outline
  /** Brightness in [0, 1]; of no meaning in a hole. */
  readonly tone: number
}

/** Layers from the first painted to the last. */
export type Drawing = readonly Layer[]

/** Cloth over whatever is there. */
export function cloth(outline: Outline, tone: number): Layer {
  return { type: 'cloth', outline, tone }
}

/** A mark on the cloth. */
export function detail(outline: Outline, tone: number): Layer {
  return { type: 'detail', outline, tone }
}

/** A place without cloth. */
export function hole(outline: Outline): Layer {
  return { type: 'hole', outline, tone: 0 }
}

/** A tone apart from another one: contrast −1 is black, 0 the same, 1 white. */
export function apart(tone: number, contrast: number): number {
  return contrast < 0 ? tone * (1 + contrast) : tone + (1 - tone) * contrast
}
