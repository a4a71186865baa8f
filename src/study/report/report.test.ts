import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { numberBlocks, paragraph, sentence } from '../../document/document.ts'
import type { Evaluation } from '../../evaluation/metrics.ts'
import { doubledSoftmaxFloor } from '../../experiments/doubled-softmax/softmax-gradient.ts'
import type { EvaluationRecord } from '../../record/evaluation.ts'
import { type StudyRecord, studyRecord } from '../record.ts'
import * as facts from './facts.ts'
import { imagesFixture, sixNetworks, studyFixture } from './fixtures/study.ts'
import { renderHtml, renderMarkdown, writeReport } from './report.ts'
import { splitSettings } from './settings.ts'

const study = studyFixture()
const images = imagesFixture()
const page = await renderHtml(study, images)
const { document } = parseHTML(page)
const text = (selector: string) => document.querySelector(selector)?.textContent.replace(/\s+/g, ' ') ?? ''

/** The same study in which the networks of the given places diverged. */
const withFailures = (from: StudyRecord, places: readonly number[]): StudyRecord => ({
  ...from,
  networks: from.networks.map((network, i) =>
    places.includes(i)
      ? {
          ...network,
          test: null,
          weightsHash: null,
          events: [{ type: 'failed', reason: 'diverged', epoch: 1, step: 20, message: 'Loss is NaN.' }],
        }
      : network,
  ),
})

/** The study's figures, of data that are not the reference's. */
const withData = (more: Partial<StudyRecord['dataset']>) => ({
  ...study,
  dataset: { ...study.dataset, hash: 'f'.repeat(64), ...more },
})

describe('the record of a study', () => {
  test('is checked by its schema, and survives being written down', () => {
    expect(studyRecord.parse(JSON.parse(JSON.stringify(study)))).toEqual(study)
    expect(studyRecord.safeParse({ ...study, networks: [] }).success).toBe(false)
  })
  test('takes an evaluation as it is', () => {
    const evaluation = study.networks[0].test as Evaluation
    const record: EvaluationRecord = evaluation
    expect(record).toBe(study.networks[0].test)
  })
})

describe('the page', () => {
  test('needs nothing from outside and stays below six megabytes', () => {
    const addresses = [...page.matchAll(/(?:https?:)?\/\/[\w.-]+\.\w+/g)].map(([address]) => address)
    expect(addresses.filter((address) => address !== 'http://www.w3.org')).toEqual([])
    for (const element of document.querySelectorAll('[src], [href]')) {
      expect(element.getAttribute('src') ?? element.getAttribute('href')).toMatch(/^(#|data:)/)
    }
    expect(page.length).toBeLessThan(6_000_000)
  })
  test('shows every network, with the reference’s figures beside ours', () => {
    const rows = [...document.querySelectorAll('#results tbody tr')].map((row) => row.textContent)
    expect(rows).toHaveLength(6)
    for (const [i, network] of study.networks.entries()) {
      expect(rows[i]).toContain(network.title)
      expect(rows[i]).toContain(network.reference?.loss.toFixed(4))
      expect(rows[i]).toContain((100 * (network.reference?.accuracy ?? 0)).toFixed(2))
      expect(document.getElementById(`confusion-${network.name}`)).not.toBeNull()
    }
  })
  test('opens with what was found, in numbers of the record', () => {
    const found = text('#found')
    expect(found).toContain('Six networks were trained on 48,000 images of Fashion-MNIST')
    expect(found).toContain('cnn-large, the best by validation accuracy, recognizes 91.28 % ± 0.55')
    expect(found).toContain('It cannot be told apart from cnn-medium')
    expect(found).toContain('Six of six networks stand above the reference’s figure')
    expect(found).toContain('All training took 2 min 36 s on 2 threads')
  })
  test('explains the reference’s losses by the doubled softmax', () => {
    expect(doubledSoftmaxFloor(10)).toBeCloseTo(1.4612, 4)
    expect(text('#results')).toContain('ln(1 + 9/e) = 1.4612, which is why its losses of 1.57 to 1.73')
  })
  test('ends with the environment, the hashes and the line that repeats it', () => {
    expect(text('#repeat .command')).toContain(study.command)
    expect(text('#repeat')).toContain(study.dataset.hash)
    expect(text('#repeat')).toContain('native (avx512)')
  })
  test('has unique ids, and every link has its goal', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const link of document.querySelectorAll('a[href^="#"], use')) {
      expect(ids).toContain(link.getAttribute('href')?.slice(1))
    }
  })
  test('is the same when it is made again', async () => {
    expect(await renderHtml(study, images)).toBe(page)
  })
})

describe('what people bring', () => {
  test('names are escaped wherever they stand', async () => {
    const name = '<img src=x onerror=alert(1)> & "co"'
    const wild = studyFixture({ classNames: [name, 'dog'], plans: [[name, 10, 0.9, 1]], epochs: 2 })
    const drawn = imagesFixture([name, 'dog'])
    const markup = await renderHtml({ ...wild, title: name, command: name, note: name }, drawn)
    expect(markup).not.toContain('<img')
    expect(markup).toContain('&lt;img src=x')
  })
  test.each<[string, StudyRecord]>([
    [
      'one network, one epoch, no mistake to show',
      studyFixture({ plans: [sixNetworks[4]], epochs: 1, worst: 0 }),
    ],
    ['two classes', studyFixture({ classNames: ['cat', 'dog'], epochs: 3 })],
    [
      'forty classes of long names',
      studyFixture({ classNames: Array.from({ length: 40 }, (_, i) => `${i} ${'long '.repeat(20)}`) }),
    ],
    ['a network that diverged', withFailures(study, [5])],
    ['nothing but networks that diverged', withFailures(study, [0, 1, 2, 3, 4, 5])],
    ['colors', { ...study, dataset: { ...study.dataset, channels: 3 } }],
  ])('%s: the report is whole', async (_name, record) => {
    const drawn = imagesFixture(record.dataset.classNames)
    const markup = await renderHtml(record, drawn)
    expect(markup.replace(/base64,[^"]*/g, '')).not.toMatch(/NaN|undefined|Infinity|\[object/)
    for (const network of record.networks) expect(markup).toContain(network.title)
    const { markdown, files } = await renderMarkdown(record, drawn)
    for (const [, path] of markdown.matchAll(/!\[.*\]\((.*)\)/g)) expect(files.has(path)).toBe(true)
  })
  test('without its images the report is whole but for their figures', async () => {
    const markup = await renderHtml(study)
    expect(markup).not.toMatch(/NaN|undefined|\[object/)
    expect(page).toContain('id="worst-mistakes"')
    expect(markup).not.toContain('id="worst-mistakes"')
    expect(markup).toContain('id="results"')
  })
  test('a network that diverged is said to have, and is not compared', async () => {
    const markup = await renderHtml(withFailures(study, [5]))
    expect(markup).toContain('has no result: its loss was no longer finite (epoch 1, step 20).')
    expect(markup).toContain('Five of five networks')
  })
  test('a stand-in for the data is named first', async () => {
    const markup = await renderHtml(withData({ title: 'Silhouettes', isSubstitute: true }))
    expect(markup.indexOf('stands in for it')).toBeLessThan(markup.indexOf('What was found</h2>'))
  })
  test('other data, by whatever name, are not measured against the reference (case 26)', async () => {
    const markup = await renderHtml(withData({}))
    expect(await renderHtml(study)).toMatch(/above the .*of the reference study/)
    for (const word of ['above the', '>Difference<', '>Reference accuracy<', 'hollow diamond'])
      expect(markup).not.toContain(word)
  })
  test('no name of a network makes a path that leaves the folder', async () => {
    const { files } = await renderMarkdown(studyFixture({ plans: [['../../etc/x y', 1, 0.9, 1]] }))
    for (const path of files.keys()) expect(path).toMatch(/^figures\/[\w.-]+\.svg$/)
  })
})

describe('the Markdown', () => {
  test('every figure is a drawing that viewers of files can read', async () => {
    const { files } = await renderMarkdown(study)
    for (const file of files.values()) {
      expect(file).not.toContain('var(--')
      expect((await sharp(Buffer.from(file)).metadata()).width).toBeGreaterThan(200)
    }
  })
  test('is written whole, with nothing left beside it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'report-'))
    await writeReport(study, join(dir, 'new'), images)
    expect((await readdir(join(dir, 'new'))).sort()).toEqual(['figures', 'report.html', 'report.md'])
    expect(await readFile(join(dir, 'new', 'report.html'), 'utf8')).toBe(page)
    expect((await readdir(join(dir, 'new', 'figures'))).every((name) => name.endsWith('.svg'))).toBe(true)
    await rm(dir, { recursive: true })
  })
})

describe('facts', () => {
  test('the best is chosen by validation, not by the test', () => {
    const [first, ...rest] = study.networks
    const flattered = { ...first, test: first.test && { ...first.test, accuracy: 0.99 } }
    expect(facts.best({ ...study, networks: [flattered, ...rest] })?.name).toBe('cnn-large')
  })
  test('settings that all share are told apart from those that differ', () => {
    const { shared, different } = splitSettings(study.networks)
    expect(different).toEqual(['Batch'])
    expect(shared.map(({ name }) => name)).toContain('Optimizer')
    expect(shared.find(({ name }) => name === 'Trained on')?.value).toBe('48,000')
  })
  test('figures and tables are numbered in reading order, each kind by itself', () => {
    const figure = (id: string) => ({ type: 'figure', id, rank: 0, caption: [], panels: [] }) as const
    const blocks = [
      paragraph(sentence`x`),
      figure('a'),
      { type: 'gallery', figures: [figure('b'), figure('c')] } as const,
    ]
    expect([...numberBlocks([{ id: 's', title: 'S', rank: 0, blocks }]).values()]).toEqual([
      'Figure 1',
      'Figure 2',
      'Figure 3',
    ])
  })
})
