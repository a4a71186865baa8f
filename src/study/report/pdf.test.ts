import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { ranksOf, shorten } from '../../document/shorten.ts'
import { toMarkdown } from '../../document/to-markdown.ts'
import { toPdf } from '../../document/to-pdf.ts'
import { serverDocument } from '../../visualization/server.ts'
import type { StudyRecord } from '../record.ts'
import { experimentsFixture } from './fixtures/experiments.ts'
import { sixNetworks, studyFixture } from './fixtures/study.ts'
import { renderPdf, writePdf } from './report.ts'

const study: StudyRecord = {
  ...studyFixture(),
  experiments: experimentsFixture(),
}

/** What a reader of PDF files (Poppler) says of one. */
const ask = (tool: string, args: readonly string[], pdf: Uint8Array) =>
  execFileSync(tool, [...args], { input: pdf, stdio: ['pipe', 'pipe', 'ignore'] }).toString()
const info = (pdf: Uint8Array) =>
  new Map(
    ask('pdfinfo', ['-'], pdf)
      .split('\n')
      .map((line) => line.split(/:\s+/) as [string, string]),
  )
const pages = (pdf: Uint8Array) => Number(info(pdf).get('Pages'))
const textOf = (pdf: Uint8Array) => ask('pdftotext', ['-', '-'], pdf).replace(/\s+/g, ' ')
const hasPoppler = (() => {
  try {
    execFileSync('pdfinfo', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!hasPoppler)('the paper, as a reader of PDF sees it', () => {
  test.each([1, 2, 6, 14])('of %i networks has at most five pages', async (count) => {
    const plans = Array.from({ length: count }, (_, i) => {
      const [name, parameters, accuracy, seconds] = sixNetworks[i % 6]
      return [i < 6 ? name : `${name}, regularized`, parameters, accuracy, seconds] as const
    })
    const found = pages(await renderPdf({ ...study, networks: studyFixture({ plans }).networks }))
    expect(found).toBeGreaterThanOrEqual(2)
    expect(found).toBeLessThanOrEqual(5)
  })
  test('of forty classes with long names, too', async () => {
    const classNames = Array.from({ length: 40 }, (_, i) => `${i} ${'long '.repeat(20)}`)
    expect(pages(await renderPdf(studyFixture({ classNames })))).toBeLessThanOrEqual(5)
  })
  test('says what was found, with its title, sections, figures, tables and the line that repeats it', async () => {
    const pdf = await renderPdf(study)
    expect(info(pdf).get('Title')).toBe(study.title)
    const text = textOf(pdf)
    for (const said of ['Abstract. Six networks', '91.28 % ± 0.55', 'Figure 1.', 'Table 1.', study.command])
      expect(text).toContain(said)
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })
  test('is tagged for those who hear it, every figure with its words, and carries its fonts', async () => {
    const pdf = await renderPdf(study)
    expect(info(pdf).get('Tagged')).toBe('yes')
    const tags = ask('pdfinfo', ['-struct', '-'], pdf)
    for (const tag of ['H1', 'Table', 'TH', 'Figure', 'Caption']) expect(tags).toContain(tag)
    const fonts = ask('pdffonts', ['-'], pdf).trim().split('\n').slice(2)
    for (const font of fonts) expect(font).toMatch(/ yes +yes +yes /)
    expect(
      fonts.map((font) => font.split(' ')[0]).filter((name) => !/Libertinus|DejaVuSansMono/.test(name)),
    ).toEqual([])
  })
  test('takes names as they are, whatever they mean to Typst', async () => {
    const name = '#panic("x") $a$ *b* [c] \\ "d" @e <f> `g`'
    const wild = studyFixture({ classNames: [name, 'dog'], plans: [[name, 10, 0.9, 1]], epochs: 2 })
    const pdf = await renderPdf({ ...wild, title: name, note: name })
    expect(info(pdf).get('Title')).toBe(name)
    expect(textOf(pdf)).toContain('#panic(')
  })
})

test('a paper is the same bytes when it is made again, and small', async () => {
  const pdf = await renderPdf(study)
  expect(Buffer.from(await renderPdf(study)).equals(pdf)).toBe(true)
  expect(pdf.length).toBeLessThan(400_000)
})

test('a paper is written whole, with nothing left beside it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'paper-'))
  await writePdf(study, directory)
  expect(await readdir(directory)).toEqual(['report.pdf'])
  expect((await readFile(join(directory, 'report.pdf'))).toString('latin1', 0, 5)).toBe('%PDF-')
  await rm(directory, { recursive: true })
})

test('what cannot be shortened to five pages is no paper', async () => {
  const blocks = Array.from({ length: 400 }, () => paragraph(sentence`${'word '.repeat(100)}`))
  const section = { id: 's', title: 'S', rank: 0, blocks }
  const long = { title: 'T', subtitle: '', warnings: [], sections: [section, section] }
  await expect(toPdf(long, serverDocument())).rejects.toThrow('longer than 5 pages')
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
