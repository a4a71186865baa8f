import { type FontTables, readWoff, writeTrueType } from './woff.ts'

/** One font file: what a line of text needs to know of it, and the part of it that a document carries. */
export interface Face {
  /** Where the file says that it comes from; names it in the document. */
  readonly name: string
  /** In thousandths of the font's size. */
  readonly metrics: {
    readonly ascent: number
    readonly descent: number
    readonly box: readonly [number, number, number, number]
  }
  /** The glyph of a character, or 0 where the font has none. */
  glyphOf(codePoint: number): number
  /** A glyph's width in thousandths of the font's size. */
  advance(glyph: number): number
  /** How much nearer (below 0) or farther two neighbors stand, in thousandths. */
  kern(left: number, right: number): number
  /** The font with the outlines of these glyphs alone; the others keep their numbers and are empty. */
  subset(glyphs: Iterable<number>): Buffer
}

/** Opens a WOFF file with TrueType outlines. */
export function openFace(name: string, file: Buffer): Face {
  const tables = readWoff(file)
  const table = (tag: string): Buffer => {
    const found = tables.get(tag)
    if (found === undefined) throw new Error(`The font ${name} has no table ${tag}.`)
    return found
  }
  const [head, hhea, hmtx] = ['head', 'hhea', 'hmtx'].map(table)
  const scale = 1000 / head.readUInt16BE(18)
  const long = hhea.readUInt16BE(34)
  const characters = readCharacters(table('cmap'))
  const pairs = readKerning(tables.get('GPOS'))
  const box = [36, 38, 40, 42].map((at) => head.readInt16BE(at) * scale)
  return {
    name,
    metrics: {
      ascent: hhea.readInt16BE(4) * scale,
      descent: hhea.readInt16BE(6) * scale,
      box: box as [number, number, number, number],
    },
    glyphOf: (codePoint) => characters.get(codePoint) ?? 0,
    advance: (glyph) => hmtx.readUInt16BE(4 * Math.min(glyph, long - 1)) * scale,
    kern: (left, right) => pairs(left, right) * scale,
    subset: (glyphs) => subset(tables, glyphs),
  }
}

/** The characters that a `cmap` knows, from its Unicode tables of format 4 and 12. */
function readCharacters(cmap: Buffer): Map<number, number> {
  const glyphs = new Map<number, number>()
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + 8 * i + 4)
    const format = cmap.readUInt16BE(at)
    if (format === 4) readSegments(cmap.subarray(at), glyphs)
    if (format === 12) readGroups(cmap.subarray(at), glyphs)
  }
  return glyphs
}

function readSegments(table: Buffer, glyphs: Map<number, number>): void {
  const double = table.readUInt16BE(6)
  for (let i = 0; i < double; i += 2) {
    const end = table.readUInt16BE(14 + i)
    const start = table.readUInt16BE(16 + double + i)
    const delta = table.readUInt16BE(16 + 2 * double + i)
    const rangeAt = 16 + 3 * double + i
    const range = table.readUInt16BE(rangeAt)
    for (let c = start; c <= end && c < 0xffff; c++) {
      const found = range === 0 ? c : table.readUInt16BE(rangeAt + range + 2 * (c - start))
      const glyph = range !== 0 && found === 0 ? 0 : (found + delta) & 0xffff
      if (glyph !== 0) glyphs.set(c, glyph)
    }
  }
}

function readGroups(table: Buffer, glyphs: Map<number, number>): void {
  for (let i = 0; i < table.readUInt32BE(12); i++) {
    const [start, end, first] = [0, 4, 8].map((at) => table.readUInt32BE(16 + 12 * i + at))
    for (let c = start; c <= end; c++) glyphs.set(c, first + c - start)
  }
}

type Kern = (left: number, right: number) => number

/** Pair adjustments (GPOS lookups of type 2, also within extensions of type 9): the first one that speaks of a pair. */
function readKerning(gpos: Buffer | undefined): Kern {
  if (gpos === undefined) return () => 0
  const lookups = gpos.subarray(gpos.readUInt16BE(8))
  const pairs = offsets(lookups, 0).flatMap((lookup) => pairTables(lookups.subarray(lookup)))
  return (left, right) => {
    for (const pair of pairs) {
      const found = pair(left, right)
      if (found !== undefined) return found
    }
    return 0
  }
}

/** A count, and so many 16-bit numbers after it. */
const offsets = (table: Buffer, at: number) =>
  Array.from({ length: table.readUInt16BE(at) }, (_, i) => table.readUInt16BE(at + 2 + 2 * i))

type Pair = (left: number, right: number) => number | undefined

function pairTables(lookup: Buffer): Pair[] {
  const type = lookup.readUInt16BE(0)
  return offsets(lookup, 4).flatMap((at): Pair[] => {
    let table = lookup.subarray(at)
    let inner = type
    if (type === 9) {
      inner = table.readUInt16BE(2)
      table = table.subarray(table.readUInt32BE(4))
    }
    // Only "the first glyph's advance changes" is read: format 4 of the value, nothing for the second glyph.
    const kerns = inner === 2 && table.readUInt16BE(4) === 4 && table.readUInt16BE(6) === 0
    if (!kerns) return []
    return [table.readUInt16BE(0) === 1 ? pairsByGlyph(table) : pairsByClass(table)]
  })
}

function pairsByGlyph(table: Buffer): Pair {
  const coverage = readCoverage(table.subarray(table.readUInt16BE(2)))
  const sets = offsets(table, 8)
  return (left, right) => {
    const place = coverage.get(left)
    if (place === undefined) return undefined
    const set = table.subarray(sets[place])
    for (let i = 0; i < set.readUInt16BE(0); i++) {
      if (set.readUInt16BE(2 + 4 * i) === right) return set.readInt16BE(4 + 4 * i)
    }
    return undefined
  }
}

function pairsByClass(table: Buffer): Pair {
  const coverage = readCoverage(table.subarray(table.readUInt16BE(2)))
  const [first, second] = [8, 10].map((at) => readClasses(table.subarray(table.readUInt16BE(at))))
  const columns = table.readUInt16BE(14)
  return (left, right) => {
    if (!coverage.has(left)) return undefined
    return table.readInt16BE(16 + 2 * ((first.get(left) ?? 0) * columns + (second.get(right) ?? 0)))
  }
}

function readCoverage(table: Buffer): Map<number, number> {
  if (table.readUInt16BE(0) === 1) return new Map(offsets(table, 2).map((glyph, i) => [glyph, i]))
  return readRanges(table, 2, (glyph, start, value) => value + glyph - start)
}

function readClasses(table: Buffer): Map<number, number> {
  if (table.readUInt16BE(0) === 2) return readRanges(table, 2, (_glyph, _start, value) => value)
  const start = table.readUInt16BE(2)
  return new Map(offsets(table, 4).map((value, i) => [start + i, value]))
}

function readRanges(
  table: Buffer,
  at: number,
  value: (glyph: number, start: number, value: number) => number,
): Map<number, number> {
  const values = new Map<number, number>()
  for (let i = 0; i < table.readUInt16BE(at); i++) {
    const [start, end, given] = [2, 4, 6].map((k) => table.readUInt16BE(at + 6 * i + k))
    for (let glyph = start; glyph <= end; glyph++) values.set(glyph, value(glyph, start, given))
  }
  return values
}

/** What a reader of documents needs; names, layout rules and the like stay behind. */
const carried = ['cvt ', 'fpgm', 'prep', 'head', 'hhea', 'hmtx', 'maxp']

function subset(tables: FontTables, glyphs: Iterable<number>): Buffer {
  const [head, loca, glyf] = ['head', 'loca', 'glyf'].map((tag) => tables.get(tag)!)
  const isLong = head.readUInt16BE(50) === 1
  const at = (i: number) => (isLong ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i))
  const count = loca.length / (isLong ? 4 : 2) - 1
  const outline = (glyph: number) => glyf.subarray(at(glyph), at(glyph + 1))
  const wanted = withComponents([0, ...glyphs], outline)
  const places = Buffer.alloc(4 * (count + 1))
  const outlines: Buffer[] = []
  let used = 0
  for (let glyph = 0; glyph <= count; glyph++) {
    places.writeUInt32BE(used, 4 * glyph)
    if (glyph < count && wanted.has(glyph)) {
      const bytes = outline(glyph)
      const padding = (4 - (bytes.length % 4)) % 4
      outlines.push(bytes, Buffer.alloc(padding))
      used += bytes.length + padding
    }
  }
  const header = Buffer.from(head)
  header.writeUInt16BE(1, 50)
  const kept = [...tables].filter(([tag]) => carried.includes(tag))
  return writeTrueType(
    new Map([...kept, ['head', header], ['loca', places], ['glyf', Buffer.concat(outlines)]]),
  )
}

/** A composite glyph names others: they must come along. */
function withComponents(glyphs: readonly number[], outline: (glyph: number) => Buffer): Set<number> {
  const wanted = new Set<number>()
  const visit = (glyph: number): void => {
    if (wanted.has(glyph)) return
    wanted.add(glyph)
    const bytes = outline(glyph)
    if (bytes.length === 0 || bytes.readInt16BE(0) >= 0) return
    for (let at = 10, flags = MORE; flags & MORE; ) {
      flags = bytes.readUInt16BE(at)
      visit(bytes.readUInt16BE(at + 2))
      at +=
        4 + (flags & WORDS ? 4 : 2) + (flags & SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0)
    }
  }
  glyphs.forEach(visit)
  return wanted
}

const [WORDS, SCALE, MORE, TWO_SCALES, MATRIX] = [0x01, 0x08, 0x20, 0x40, 0x80]
