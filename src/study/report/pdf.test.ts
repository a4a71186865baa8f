import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  aside,
  type Block,
  offPaper,
  paragraph,
  type ReportDocument,
  reference,
  sentence,
  withRank,
} from '../../document/document.ts'
import { newCanvas } from '../../document/pdf/canvas.ts'
import { openFace } from '../../document/pdf/face.ts'
import { openFonts } from '../../document/pdf/fonts.ts'
import { boxesOf, breakLines } from '../../document/pdf/lines.ts'
import { geometry } from '../../document/pdf/look.ts'
import { columnWidth, type Flow, paginate } from '../../document/pdf/pages.ts'
import { ranksOf, shorten } from '../../document/shorten.ts'
import { toMarkdown } from '../../document/to-markdown.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { StudyRecord } from '../record.ts'
import { experimentsFixture } from './fixtures/experiments.ts'
import { sixNetworks, studyFixture } from './fixtures/study.ts'
import { renderPdf, writePdf } from './report.ts'

const study: StudyRecord = {
  ...studyFixture(),
  experiments: experimentsFixture(),
}
const text = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1')
const pages = (pdf: Uint8Array) => text(pdf).match(/\/Type \/Page /g)?.length ?? 0

/** The operators of every page. */
function contents(pdf: Uint8Array): string[] {
  const bytes = Buffer.from(pdf)
  const objects = [...text(pdf).matchAll(/\/Contents (\d+) 0 R/g)].map(([, id]) => id)
  return objects.map((id) => {
    const at = bytes.indexOf(`\n${id} 0 obj\n`)
    const length = Number(/\/Length (\d+)/.exec(bytes.toString('latin1', at, at + 200))?.[1])
    const begin = bytes.indexOf('stream\n', at) + 7
    return inflateSync(bytes.subarray(begin, begin + length)).toString('latin1')
  })
}

describe('the paper', () => {
  test.each([1, 2, 6, 10, 14])('of %i networks has at most five pages', async (count) => {
    const plans = Array.from({ length: count }, (_, i) => {
      const [name, parameters, accuracy, seconds] = sixNetworks[i % 6]
      return [i < 6 ? name : `${name}, regularized`, parameters, accuracy, seconds] as const
    })
    const pdf = await renderPdf({ ...study, networks: studyFixture({ plans }).networks })
    expect(pages(pdf)).toBeGreaterThanOrEqual(2)
    expect(pages(pdf)).toBeLessThanOrEqual(5)
  })
  test('of forty classes with long names, too', async () => {
    const classNames = Array.from({ length: 40 }, (_, i) => `${i} ${'long '.repeat(20)}`)
    expect(pages(await renderPdf(studyFixture({ classNames })))).toBeLessThanOrEqual(5)
  })
  test('is the same bytes when it is made again, and small', async () => {
    const pdf = await renderPdf(study)
    expect(Buffer.from(await renderPdf(study)).equals(pdf)).toBe(true)
    expect(pdf.length).toBeLessThan(400_000)
  })
  test('writes no text beyond its margins', async () => {
    const { margin, width } = geometry
    for (const page of contents(await renderPdf(study))) {
      expect(page).not.toMatch(/NaN|undefined|Infinity/)
      for (const [, x] of page.matchAll(/^q [^\n]* rg\nBT [^\n]* 1 0 0 -1 (-?[\d.]+) [\d.]+ Tm/gm)) {
        expect(Number(x)).toBeLessThan(width - margin.side)
      }
    }
  })
  test('carries its fonts, its title and its contents', async () => {
    const whole = text(await renderPdf(study))
    expect(whole.match(/\/FontFile2/g)?.length).toBeGreaterThanOrEqual(3)
    expect(whole).toContain('/Outlines')
    expect(whole).toContain(Buffer.from(`\ufeff${study.title}`, 'utf16le').swap16().toString('hex'))
  })
  test('is written whole, with nothing left beside it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'paper-'))
    await writePdf(study, directory)
    expect(await readdir(directory)).toEqual(['report.pdf'])
    expect((await readFile(join(directory, 'report.pdf'))).toString('latin1', 0, 5)).toBe('%PDF-')
    await rm(directory, { recursive: true })
  })
})

describe('what is left out', () => {
  const dom = serverDocument()
  const figure = (id: string, rank: number): Block => ({ type: 'figure', id, rank, caption: [], panels: [] })
  const report = (...blocks: readonly Block[]): ReportDocument => ({
    title: 'T',
    subtitle: '',
    warnings: [],
    sections: [{ id: 's', title: 'S', rank: 0, blocks: [...blocks, figure('a', 1), figure('b', 3)] }],
  })
  const text = (short: ReportDocument) => toMarkdown(short, dom).markdown.split('\n\n')[3]
  const [there, missing] = [reference('a'), reference('b')]

  test('goes by rank, and takes the sentences with it that speak of it', () => {
    const whole = report(
      paragraph(
        sentence`One thing.`,
        sentence`${missing} shows another.`,
        sentence`${there} shows a third, and ${missing} more.`,
        withRank(2, sentence`The least.`),
        sentence`The end.`,
      ),
    )
    expect(text(shorten(whole, 1))).toBe('One thing. The end.')
    expect(text(shorten(whole, 2))).toBe('One thing. The least. The end.')
    expect(text(shorten(whole, 3))).toContain('Figure 1 shows a third, and Figure 2 more.')
  })
  test('goes out of an aside without the sentence', () => {
    const whole = report(
      paragraph(sentence`The matrices${aside(missing, ' to ', missing)} count; see ${there}.`),
    )
    expect(text(shorten(whole, 1))).toBe('The matrices count; see Figure 1.')
    expect(text(shorten(whole, 3))).toBe('The matrices (Figure 2 to Figure 2) count; see Figure 1.')
  })
  test('is tried from the least needed on', () => {
    expect(ranksOf(report(paragraph(withRank(2, sentence`x`)), figure('c', offPaper)))).toEqual([3, 2, 1, 0])
  })
})

describe('type', () => {
  const fonts = openFonts()
  test('has every character that reports use, from as few fonts as can be', () => {
    for (const character of '× ± – − ≥ ≤ ≈ → ● ◇ β ∞ … ’ “ ” · 10⁻⁴ ł Ж'.replaceAll(' ', '')) {
      const [run] = fonts.runs(character, 'regular')
      expect(run.face.glyphOf(character.codePointAt(0)!), character).toBeGreaterThan(0)
    }
    expect(fonts.runs('plain', 'regular')).toHaveLength(1)
  })
  test('is kerned', () => {
    const [run] = fonts.runs('AV', 'regular')
    expect(run.face.kern(run.glyphs[0], run.glyphs[1])).toBeLessThan(-20)
  })
  test('carries the glyphs that are used, with the parts that they are made of', async () => {
    const path = '@fontsource/stix-two-text/files/stix-two-text-latin-400-normal.woff'
    const file = await readFile(createRequire(import.meta.url).resolve(path))
    const face = openFace('x', file)
    const [plain, accented] = ['e', 'é'].map((c) => face.subset([face.glyphOf(c.codePointAt(0)!)]))
    expect(plain.length).toBeLessThan(file.length / 2)
    expect(accented.length).toBeGreaterThan(plain.length)
  })
})

describe('lines', () => {
  const fonts = openFonts()
  const setting = { fonts, size: 9, width: 120, isJustified: true }
  const set = (text: string) => breakLines(boxesOf([{ text, style: 'regular' }], setting), setting)
  test('fill the measure, but for the last', () => {
    const lines = set(
      'A paper is set in columns, and the words of a column end where the column ends, as they should.',
    )
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines.slice(0, -1)) expect(line.width).toBeCloseTo(120, 1)
    expect(lines.at(-1)?.width).toBeLessThanOrEqual(120)
  })
  test('part a word that is wider than the measure', () => {
    const lines = set('a'.repeat(100))
    expect(lines.every(({ width }) => width <= 120.1)).toBe(true)
    expect(lines.flatMap(({ boxes }) => boxes.map(({ text }) => text)).join('')).toBe('a'.repeat(100))
  })
  test('keep a full stop with the reference before it', () => {
    const boxes = boxesOf(
      [
        { text: 'See ', style: 'regular' },
        { text: 'Figure 1', style: 'bold' },
        { text: '. Next', style: 'regular' },
      ],
      setting,
    )
    expect(boxes.map(({ text, isGlued }) => [text, isGlued])).toEqual([
      ['See', false],
      ['Figure', false],
      ['1', false],
      ['.', true],
      ['Next', false],
    ])
  })
})

describe('pages', () => {
  const item = (height: number, keeps = false) => ({ height, before: 0, keeps, draw: () => {} })
  const column = (height: number, keeps = false): Flow => ({ type: 'column', item: item(height, keeps) })
  const wide = (height: number): Flow => ({ type: 'wide', item: item(height) })
  test('two columns that end a flow are of one height', () => {
    const placed = paginate(
      Array.from({ length: 8 }, () => column(50)),
      geometry,
    )
    expect(placed.filter(({ x }) => x === geometry.margin.side)).toHaveLength(4)
    expect(new Set(placed.map(({ page }) => page))).toEqual(new Set([0]))
  })
  test('a heading never ends a column', () => {
    const placed = paginate([column(700), column(40, true), column(60), column(600)], geometry)
    expect(placed[1]).toMatchObject({ page: placed[2].page, x: placed[2].x })
  })
  test('text runs on before a figure that is too high for its column, which begins the next with those behind it', () => {
    const figure = (height: number): Flow => ({ type: 'column', item: { ...item(height), floats: true } })
    const flow = [column(300), figure(600), column(40, true), column(50), figure(20), column(340)]
    const heights = (x: number) =>
      paginate(flow, geometry)
        .filter((placed) => placed.page === 0 && placed.x === x)
        .map((placed) => placed.item.height)
    const second = geometry.margin.side + columnWidth(geometry) + geometry.gutter
    expect(heights(geometry.margin.side)).toEqual([300, 40, 50])
    expect(heights(second)).toEqual([600, 20])
  })
  test('what reaches over both columns keeps its order, and everything is set once', () => {
    const flow = [wide(100), column(300), wide(500), column(400), wide(300), wide(200), column(100)]
    const placed = paginate(flow, geometry)
    expect(placed).toHaveLength(flow.length)
    const heights = placed.filter(
      (p) =>
        [100, 500, 300, 200].includes(p.item.height) && p.item !== flow[1].item && p.item !== flow[6].item,
    )
    expect(heights.map((p) => p.item.height)).toEqual([100, 500, 300, 200])
    for (const { y, item: set } of placed) {
      expect(y + set.height).toBeLessThanOrEqual(geometry.height - geometry.margin.bottom + 0.1)
    }
  })
})

test('a canvas writes what it is told, and nothing without a color', () => {
  const canvas = newCanvas(openFonts(), 100)
  canvas.path('0 0 1 1 re', undefined, undefined)
  expect(canvas.content()).toBe('1 0 0 -1 0 100 cm')
  canvas.path('0 0 1 1 re', { color: '#ff0000', opacity: 0.5 }, undefined)
  expect(canvas.content()).toContain('/G50 gs 1 0 0 rg 0 0 1 1 re f')
})
