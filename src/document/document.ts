import type { ImageGrid } from '../visualization/image-grid.ts'
import type { Sprite } from '../visualization/sprite.ts'
import type { Table } from '../visualization/table.ts'

/**
 * How soon a short paper leaves something out: 0 never, and the higher the sooner. Each section, figure, table and
 * sentence carries its own; `offPaper` is for what belongs on a screen only.
 */
export type Rank = number
export const offPaper: Rank = Number.POSITIVE_INFINITY

/**
 * A piece of running text. A reference names a figure or table, whose number is known only at the end; an aside is a
 * remark in parentheses, which goes where it refers to something that was left out, while its sentence stays.
 */
export type Inline =
  | string
  | { readonly type: 'strong' | 'code'; readonly text: string }
  | { readonly type: 'reference'; readonly to: string }
  | { readonly type: 'aside'; readonly phrase: Phrase }

/** Words within a sentence. */
export type Phrase = readonly Inline[]

/** What is said at a time: kept or left out as a whole. */
export interface Sentence {
  readonly phrase: Phrase
  readonly rank: Rank
}

export type Prose = readonly Sentence[]

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
  readonly rank: Rank
  readonly caption: Prose
  readonly panels: readonly Panel[]
}

/** What a report is made of. Renderers for HTML, Markdown and PDF (and whatever comes) read the same blocks. */
export type Block =
  | { readonly type: 'paragraph'; readonly prose: Prose }
  | { readonly type: 'note'; readonly prose: Prose }
  | Figure
  | { readonly type: 'gallery'; readonly figures: readonly Figure[] }
  | {
      readonly type: 'table'
      readonly id: string
      readonly rank: Rank
      readonly caption: Prose
      readonly table: Table
    }
  | { readonly type: 'code'; readonly label: string; readonly rank: Rank; readonly text: string }
  | { readonly type: 'details'; readonly summary: string; readonly blocks: readonly Block[] }

export interface Section {
  readonly id: string
  readonly title: string
  readonly rank: Rank
  readonly blocks: readonly Block[]
}

/** Images behind the cells of all confusion matrices of a document; each is carried once, whoever errs on it. */
export interface CellStore {
  readonly sprite: Pick<Sprite, 'width' | 'height' | 'columns' | 'tile'>
  /** The sprite as a data address. */
  readonly url: string
  /** The number in the test split of every image of the sprite. */
  readonly indices: readonly number[]
  /** By figure and then by `truth,predicted`: the places in the sprite. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
}

export interface ReportDocument {
  readonly title: string
  readonly subtitle: string
  /** What the reader must know before anything else. */
  readonly warnings: readonly string[]
  /** The first says what was found: a paper sets its text as the abstract. */
  readonly sections: readonly Section[]
  /** The images behind the cells of its confusion matrices, where it has any. */
  readonly cells?: CellStore | undefined
}

/** Words with marked pieces, as a part of a sentence. */
export function phrase(
  parts: TemplateStringsArray,
  ...values: readonly (Inline | number | Phrase)[]
): Phrase {
  return parts.flatMap((part, i): Inline[] => {
    const value = i === 0 ? '' : values[i - 1]
    const before =
      typeof value === 'number' ? [String(value)] : Array.isArray(value) ? value : [value as Inline]
    return [...before, part].filter((piece) => piece !== '')
  })
}

/** A sentence that stays as long as what it refers to: sentence`The best is ${strong(name)}.` */
export const sentence = (...template: Parameters<typeof phrase>): Sentence => ({
  phrase: phrase(...template),
  rank: 0,
})

/** The same sentence, left out sooner: withRank(offPaper, sentence`Choose a cell.`) */
export const withRank = (rank: Rank, { phrase }: Sentence): Sentence => ({ phrase, rank })

/** Sentences in a row; what has none adds nothing. */
export const prose = (...parts: readonly (Sentence | Prose)[]): Prose => parts.flat()

export const strong = (text: string): Inline => ({ type: 'strong', text })
export const code = (text: string): Inline => ({ type: 'code', text })
export const reference = (to: string): Inline => ({ type: 'reference', to })
/** Written ` (…)`: prose`The matrices${aside(reference('first'), ' to ', reference('last'))} count.` */
export const aside = (...phrase: Phrase): Inline => ({ type: 'aside', phrase })
export const paragraph = (...parts: readonly (Sentence | Prose)[]): Block => ({
  type: 'paragraph',
  prose: prose(...parts),
})

/** The pieces of a text in reading order, with a space between sentences. */
export const piecesOf = (text: Prose): Phrase =>
  text.flatMap(({ phrase }, i) => (i === 0 ? phrase : [' ', ...phrase]))

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
