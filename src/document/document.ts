import type { CellStore } from '../study/report/cell-images.ts'
import type { ImageGrid } from '../visualization/image-grid.ts'
import type { Table } from '../visualization/table.ts'

/** A piece of running text; a reference names a figure or table, whose number is known only at the end. */
export type Inline =
  | string
  | { readonly type: 'strong' | 'code'; readonly text: string }
  | { readonly type: 'reference'; readonly to: string }

export type Prose = readonly Inline[]

/**
 * One drawing of a figure: an SVG that is ready (and perhaps a second for narrow screens, where the first would be
 * too small to read), or a grid of images that each renderer lays out in its own way.
 */
export type Panel =
  | {
      readonly type: 'plot'
      readonly name: string
      readonly title: string
      readonly svg: SVGSVGElement
      readonly narrow?: SVGSVGElement
    }
  | { readonly type: 'images'; readonly name: string; readonly title: string; readonly grid: ImageGrid }

/** One or more drawings with a caption that says what one sees. */
export interface Figure {
  readonly type: 'figure'
  readonly id: string
  readonly caption: Prose
  readonly panels: readonly Panel[]
}

/** What a report is made of. Renderers for HTML and Markdown (and whatever comes) read the same blocks. */
export type Block =
  | { readonly type: 'paragraph'; readonly prose: Prose }
  | { readonly type: 'note'; readonly prose: Prose }
  | Figure
  | { readonly type: 'gallery'; readonly figures: readonly Figure[] }
  | { readonly type: 'table'; readonly id: string; readonly caption: Prose; readonly table: Table }
  | { readonly type: 'code'; readonly label: string; readonly text: string }
  | { readonly type: 'details'; readonly summary: string; readonly blocks: readonly Block[] }

export interface Section {
  readonly id: string
  readonly title: string
  readonly blocks: readonly Block[]
}

export interface ReportDocument {
  readonly title: string
  readonly subtitle: string
  /** What the reader must know before anything else. */
  readonly warnings: readonly string[]
  readonly sections: readonly Section[]
  /** The images behind the cells of its confusion matrices, where it has any. */
  readonly cells?: CellStore | undefined
}

/** Running text with marked pieces: prose`The best is ${strong(name)}.` */
export function prose(parts: TemplateStringsArray, ...values: readonly (Inline | number | Prose)[]): Prose {
  return parts.flatMap((part, i): Inline[] => {
    const value = i === 0 ? '' : values[i - 1]
    const before =
      typeof value === 'number' ? [String(value)] : Array.isArray(value) ? value : [value as Inline]
    return [...before, part].filter((piece) => piece !== '')
  })
}

export const strong = (text: string): Inline => ({ type: 'strong', text })
export const code = (text: string): Inline => ({ type: 'code', text })
export const reference = (to: string): Inline => ({ type: 'reference', to })
export const paragraph = (content: Prose): Block => ({ type: 'paragraph', prose: content })

/** Sentences with a space between, the empty ones left out. */
export function sentences(...all: readonly Prose[]): Prose {
  return all.filter((one) => one.length > 0).flatMap((one, i) => (i === 0 ? one : [' ', ...one]))
}

/** The names of figures and tables as text knows them, in reading order: `accuracies` → `Figure 1`. */
export function numberBlocks(sections: readonly Section[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const next = { Figure: 1, Table: 1 }
  const visit = (block: Block): void => {
    if (block.type === 'figure') names.set(block.id, `Figure ${next.Figure++}`)
    else if (block.type === 'table') names.set(block.id, `Table ${next.Table++}`)
    else if (block.type === 'gallery') block.figures.forEach(visit)
    else if (block.type === 'details') block.blocks.forEach(visit)
  }
  for (const section of sections) section.blocks.forEach(visit)
  return names
}
