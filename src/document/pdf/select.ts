import type { StudyRecord } from '../../study/record.ts'
import { best, tested } from '../../study/report/facts.ts'
import type { Table } from '../../visualization/table.ts'
import type { Block, Prose, ReportDocument, Section } from '../document.ts'

/** How soon a figure or table is left out where there is no room: 0 never, 9 always. */
const ranks: Readonly<Record<string, number>> = {
  accuracies: 1,
  splits: 5,
  distribution: 9,
  'first-images': 3,
  'mean-images': 9,
  multiplication: 3,
  initialization: 2,
  'gradient-norms': 4,
  'gradient-lengths': 9,
  architectures: 1,
  'shared-settings': 4,
  'curves-compared': 0,
  'curves-each': 9,
  'test-results': 0,
  cost: 8,
  recipes: 1,
  pairs: 3,
  standings: 6,
  reliability: 4,
  coverage: 6,
  calibrations: 7,
  'softmax-gradient': 3,
  'dead-classes': 3,
  'doubled-softmax-results': 2,
  f1: 7,
  'worst-mistakes': 5,
  'duplicate-counts': 9,
  'near-duplicates': 6,
  'label-audit': 9,
  suspects: 5,
  'label-retrained': 9,
  'confused-pairs': 9,
  'looked-at': 6,
  'looked-at-mistakes': 9,
  filters: 9,
  'hidden-map': 9,
  environment: 0,
  hashes: 6,
}
/** Likewise by the end of the name: every search has figures of its own. */
const endings = { '-trials': 2, '-history': 4, '-importance': 5, '-parallel': 6, '-epochs': 8 } as const
/** What a document has that is not named above: shown where there is room. */
const UNKNOWN = 7
const NEVER = 9

/**
 * How much is kept, from the most to the least: figures and tables up to a rank; at −1 the sections of every study alone;
 * at −2 no more than results and the line that repeats them.
 */
export const levels = [8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2] as const
const core = ['found', 'results', 'repeat']
const essential = [...core, 'data', 'networks', 'training', 'mistakes']

const isSectionKept = (id: string, level: number) =>
  level >= 0 || (level === -1 ? essential : core).includes(id)

/** The confusion matrices worth a place: those of the network of each kind that one would choose. */
function bestMatrices(study: StudyRecord): Set<string> {
  const kinds = new Set(tested(study).map(({ kind }) => kind))
  const bestOf = (kind: string) =>
    best({ ...study, networks: study.networks.filter((network) => network.kind === kind) })
  return new Set([...kinds].map((kind) => `confusion-${bestOf(kind)?.name}`))
}

function rankOf(id: string, matrices: ReadonlySet<string>): number {
  if (Object.hasOwn(ranks, id)) return ranks[id]
  if (id.startsWith('confusion-')) return matrices.has(id) ? 1 : NEVER
  if (id.startsWith('classes-') || id.startsWith('layers-')) return NEVER
  return Object.entries(endings).find(([ending]) => id.endsWith(ending))?.[1] ?? UNKNOWN
}

/**
 * The part of a document that a paper has room for: figures and tables up to a rank, and the text without the sentences
 * that speak of the others.
 */
export function select(report: ReportDocument, study: StudyRecord, level: number): ReportDocument {
  const matrices = bestMatrices(study)
  const stays = (id: string) => rankOf(id, matrices) <= Math.max(0, level)
  const shown = report.sections.filter(({ id }) => isSectionKept(id, level))
  const kept = shown.map((section): Section => {
    const blocks = section.blocks.flatMap((block, i): Block[] => {
      const introducesFolded = block.type === 'paragraph' && section.blocks[i + 1]?.type === 'details'
      if (block.type === 'details' || introducesFolded) return []
      if (block.type === 'gallery') return block.figures.filter(({ id }) => stays(id))
      if (block.type === 'table')
        return stays(block.id) ? [{ ...block, table: withoutRuns(block.table) }] : []
      if (block.type === 'figure') return stays(block.id) ? [block] : []
      return [block]
    })
    return { ...section, blocks }
  })
  const known = new Set(kept.flatMap(({ blocks }) => blocks.flatMap((b) => ('id' in b ? [b.id] : []))))
  const sections = kept.map((section) => ({
    ...section,
    blocks: section.blocks.flatMap((block): Block[] => {
      if (block.type !== 'paragraph' && block.type !== 'note') return [block]
      const prose = withoutDangling(block.prose, known)
      return prose.length === 0 ? [] : [{ ...block, prose }]
    }),
  }))
  return { ...report, sections: sections.filter(({ blocks }) => blocks.length > 0) }
}

/** A paper has no folders beside it: the column that names those of the runs says nothing there. */
function withoutRuns(table: Table): Table {
  const keeps = (_: unknown, c: number) => table.columns[c].title !== 'Run'
  return { ...table, columns: table.columns.filter(keeps), rows: table.rows.map((row) => row.filter(keeps)) }
}

/** Prose without the sentences that refer to what is not there. */
export function withoutDangling(prose: Prose, known: ReadonlySet<string>): Prose {
  return sentencesOf(withoutAsides(prose, known))
    .filter((sentence) =>
      sentence.every((piece) => isText(piece) || piece.type !== 'reference' || known.has(piece.to)),
    )
    .flatMap((sentence, i) => (i === 0 ? trimmed(sentence) : [' ', ...trimmed(sentence)]))
}

/** Without the brackets that hold nothing but references to what is not there: `The matrices (Figure 1 to Figure 6)`. */
function withoutAsides(prose: Prose, known: ReadonlySet<string>): Prose {
  const out: Prose[number][] = []
  for (let i = 0; i < prose.length; i++) {
    const piece = prose[i]
    const close = prose.findIndex((one, k) => k > i && isText(one) && one.startsWith(')'))
    const inside = prose.slice(i + 1, close)
    const isAside =
      isText(piece) &&
      piece.endsWith(' (') &&
      close > i &&
      inside.every((one) => !isText(one) || /^( to |, )$/.test(one))
    if (isAside && inside.some((one) => !isText(one) && one.type === 'reference' && !known.has(one.to))) {
      out.push(piece.slice(0, -2) + (prose[close] as string).slice(1))
      i = close
    } else out.push(piece)
  }
  return out
}

const isText = (piece: Prose[number]): piece is string => typeof piece === 'string'

/** Cuts where a sentence ends and a capital or a reference begins the next. */
function sentencesOf(prose: Prose): Prose[number][][] {
  const sentences: Prose[number][][] = [[]]
  let hasEnded = false
  for (const piece of prose) {
    const parts = isText(piece) ? piece.split(/(?<=[.!?]) +(?=\p{Lu})/u) : [piece]
    parts.forEach((part, i) => {
      const begins = !isText(part) || /^ *\p{Lu}/u.test(part)
      if (i > 0 || (hasEnded && begins)) sentences.push([])
      sentences.at(-1)?.push(part)
      if (!isText(part) || part.trim() !== '') hasEnded = isText(part) && /[.!?] *$/.test(part)
    })
  }
  return sentences.filter((sentence) => sentence.some((piece) => !isText(piece) || piece.trim() !== ''))
}

/** Without the spaces at its ends. */
function trimmed(sentence: Prose[number][]): Prose[number][] {
  return sentence.map((piece, i) => {
    if (!isText(piece)) return piece
    const start = i === 0 ? piece.trimStart() : piece
    return i === sentence.length - 1 ? start.trimEnd() : start
  })
}
