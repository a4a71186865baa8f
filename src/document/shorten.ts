import type { Table } from '../visualization/table.ts'
import type { Block, Inline, Phrase, Prose, Rank, ReportDocument, Section } from './document.ts'

/** A document without whatever ranks higher, without what is folded away on a screen, and without words on either. */
export function shorten(report: ReportDocument, most: Rank): ReportDocument {
  const sections = report.sections
    .filter(({ rank }) => rank <= most)
    .map((section): Section => ({ ...section, blocks: section.blocks.flatMap((b) => shortenBlock(b, most)) }))
  const shown = new Set(sections.flatMap(({ blocks }) => blocks.flatMap((b) => ('id' in b ? [b.id] : []))))
  return {
    ...report,
    sections: sections
      .map((section) => ({ ...section, blocks: section.blocks.flatMap((b) => shortenText(b, most, shown)) }))
      .filter(({ blocks }) => blocks.length > 0),
  }
}

/** What `shorten` can be asked for so that each is a little shorter than the one before. */
export function ranksOf({ sections }: ReportDocument): Rank[] {
  const inBlock = (block: Block): Rank[] => {
    if (block.type === 'gallery') return block.figures.map(({ rank }) => rank)
    if (block.type === 'paragraph' || block.type === 'note') return block.prose.map(({ rank }) => rank)
    return block.type === 'details' ? [] : [block.rank]
  }
  const all = sections.flatMap(({ rank, blocks }) => [rank, ...blocks.flatMap(inBlock)])
  return [...new Set([0, ...all])].filter(Number.isFinite).sort((a, b) => b - a)
}

function shortenBlock(block: Block, most: Rank): Block[] {
  switch (block.type) {
    case 'paragraph':
    case 'note':
      return [block]
    case 'gallery':
      return block.figures.filter(({ rank }) => rank <= most)
    case 'table':
      return block.rank <= most ? [{ ...block, table: shortenTable(block.table, most) }] : []
    case 'figure':
    case 'code':
      return block.rank <= most ? [block] : []
    case 'details':
      return []
    default:
      return block satisfies never
  }
}

function shortenTable(table: Table, most: Rank): Table {
  const stays = (_: unknown, c: number) => (table.columns[c].rank ?? 0) <= most
  return { ...table, columns: table.columns.filter(stays), rows: table.rows.map((row) => row.filter(stays)) }
}

function shortenText(block: Block, most: Rank, shown: ReadonlySet<string>): Block[] {
  if ('caption' in block) return [{ ...block, caption: shortenProse(block.caption, most, shown) }]
  if (!('prose' in block)) return [block]
  const prose = shortenProse(block.prose, most, shown)
  return prose.length === 0 ? [] : [{ ...block, prose }]
}

function shortenProse(prose: Prose, most: Rank, shown: ReadonlySet<string>): Prose {
  const isShown = (piece: Inline) =>
    typeof piece === 'string' || piece.type !== 'reference' || shown.has(piece.to)
  const isWhole = (phrase: Phrase) => phrase.every(isShown)
  return prose
    .filter(({ rank, phrase }) => rank <= most && isWhole(phrase))
    .map(({ rank, phrase }) => ({
      rank,
      phrase: phrase.filter(
        (piece) => typeof piece === 'string' || piece.type !== 'aside' || isWhole(piece.phrase),
      ),
    }))
}
