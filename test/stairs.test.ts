import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = new URL('../src', import.meta.url).pathname

/** The floors from the ground up; those on one level do not know each other. A file imports from its own floor or below. */
const levels = [
  ['base'],
  ['engine', 'pictures'],
  ['data', 'model'],
  ['recipe'],
  ['record'],
  ['training'],
  ['evaluation'],
  ['tuning'],
  ['visualization'],
  ['document'],
  ['runs'],
  ['search', 'recognition'],
  ['experiments'],
  ['study'],
  ['catalog'],
  ['server'],
  ['exchange'],
  ['index.ts'],
  ['cli', 'web'],
]

/** The files of the core floors that look at the process, and why they must. */
const mayKnowProcess: Readonly<Record<string, string>> = {
  'base/hash.ts': 'takes the SHA-256 of Node where there is Node',
  'data/surroundings.ts':
    'the one door to environment, home and network; everything else is handed what it returns',
  'engine/native.ts': 'loads a Node add-on, and lets the environment name another one or a variant',
  'record/environment.ts': 'writes down what the machine is',
}
/** The definition in float64, in which gradients are checked; its float32 branch has functions of its own. */
const mayUseMath = [
  'engine/definition/elementary.ts',
  // Figures that stand with their experiments: nothing of theirs reaches a weight.
  'experiments/activations/gradient-norms.ts',
  'experiments/doubled-softmax/softmax-gradient.ts',
  'experiments/insight/hidden-map.ts',
]

interface SourceFile {
  readonly path: string
  readonly floor: string
  readonly text: string
  /** The files that it imports, at once or while it runs; types too. */
  readonly imports: readonly string[]
}

function readSource(name: string): SourceFile {
  const text = readFileSync(join(src, name), 'utf8')
  const found = text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g)
  const imports = Array.from(found, ([, to]) => relative(src, join(src, dirname(name), to)))
  return { path: name, floor: name.split('/')[0], text, imports }
}

const all = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map(readSource)
const files = all.filter(({ path }) => !/\.test\.ts$|\/fixtures\//.test(path))
const levelOf = (path: string) => levels.findIndex((floors) => floors.includes(path.split('/')[0]))
/** All imports that still go up: each is to be cut and then taken off this list, none may be added. */
const debts: readonly string[] = [
  'document/document.ts: study/report/cell-images.ts',
  'document/interaction.ts: study/report/cell-images.ts',
  'document/pdf.ts: study/report/compose.ts',
  'experiments/lab-section.ts: study/report/facts.ts',
  'model/compile.ts: recipe/augmentation.ts',
  'pictures/decode-images.ts: data/dataset.ts',
  'pictures/form.ts: recognition/trained-model.ts',
  'record/study.ts: experiments/audit/record.ts',
  'record/study.ts: experiments/doubled-softmax/record.ts',
  'record/study.ts: experiments/insight/record.ts',
  'record/study.ts: experiments/lab-record.ts',
  'record/study.ts: search/record.ts',
  'search/report.ts: study/report/report.ts',
  'document/pdf/select.ts: study/report/facts.ts',
  'experiments/audit/section.ts: study/report/pictures.ts',
  'experiments/audit/write-figures.ts: study/report/report.ts',
  'experiments/doubled-softmax/run.ts: study/report/reference.ts',
  'experiments/doubled-softmax/section.ts: study/report/facts.ts',
  'experiments/doubled-softmax/section.ts: study/report/reference.ts',
  'experiments/insight/section.ts: study/report/pictures.ts',
]
const breaches = (
  found: (file: SourceFile) => readonly string[],
  among: readonly SourceFile[] = files,
): string[] => among.flatMap((file) => found(file).map((what) => `${file.path}: ${what}`))

/** The text without comments and without what stands between quotes. */
const code = ({ text }: SourceFile) =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'|`[^`$]*`/g, "''")

describe('the stairs', () => {
  test('every file stands on a floor', () => {
    expect(breaches(({ path }) => (levelOf(path) < 0 ? ['no floor of this name'] : []))).toEqual([])
  })

  test('imports go down only', () => {
    const up = ({ floor, imports }: SourceFile) =>
      imports.filter((to) => to.split('/')[0] !== floor && levelOf(to) >= levelOf(floor))
    expect(breaches(up).toSorted()).toEqual(debts.toSorted())
  })

  test('no file imports itself, by whatever way round', () => {
    const byPath = new Map(files.map((file) => [file.path, file]))
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, way: readonly string[]) => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
      if (way.includes(path) || done.has(path)) return
      for (const to of byPath.get(path)?.imports ?? []) visit(to, [...way, path])
      done.add(path)
    }
    for (const { path } of files) visit(path, [])
    expect(circles).toEqual([])
  })

  test('only evaluation opens the sealed test split', () => {
    const isOpener = ({ path, floor }: SourceFile) => floor === 'evaluation' || path.startsWith('data/') // where the seal is defined and tested
    const opens = (file: SourceFile) => (isOpener(file) ? [] : (code(file).match(/\bunseal\b/g) ?? []))
    expect(breaches(opens, all)).toEqual([])
    const within = all.filter(({ path }) => path.startsWith('data/') && !/sealed|\.test\.ts$/.test(path))
    expect(breaches((file) => code(file).match(/\bunseal\b/g) ?? [], within)).toEqual([])
  })

  test('only the audit of the data looks under the seal for faults', () => {
    const mayLook = ({ path }: SourceFile) => path.startsWith('data/audit/') || path === 'data/sealed.ts'
    const looks = (file: SourceFile) => (mayLook(file) ? [] : (code(file).match(/\bunsealForAudit\b/g) ?? []))
    expect(breaches(looks, all)).toEqual([])
  })

  test('core floors know neither the process nor the page', () => {
    const core = files.filter(({ path }) => levelOf(path) <= levelOf('evaluation') || path === 'runs/run.ts')
    const knows = (file: SourceFile) =>
      file.path in mayKnowProcess ? [] : (code(file).match(/\b(process|document|window)\b(?=[.[])/g) ?? [])
    expect(breaches(knows, core)).toEqual([])
  })

  test('nothing is random but by key', () => {
    expect(breaches((file) => code(file).match(/Math\.random|getRandomValues/g) ?? [])).toEqual([])
  })

  test('no elementary function of the engine reaches a weight', () => {
    const figures = /^(visualization|document|evaluation|search\/figures|study\/report)\//
    const engine = files.filter(({ path }) => !figures.test(path) && !mayUseMath.includes(path))
    const uses = (file: SourceFile) =>
      code(file).match(
        /Math\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|tanh|sinh|cosh|cbrt|hypot)\b/g,
      ) ?? []
    expect(breaches(uses, engine)).toEqual([])
  })
})
