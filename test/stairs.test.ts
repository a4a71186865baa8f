import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = new URL('../src', import.meta.url).pathname
const web = new URL('../web', import.meta.url).pathname

/** The floors from the ground up; those on one level do not know each other. A file imports from its own floor or below. */
const levels = [
  ['base'],
  ['engine', 'pictures'],
  ['data', 'model'],
  ['recipe'],
  ['record'],
  ['training'],
  ['evaluation'],
  ['runs'],
  ['tuning'],
  ['visualization'],
  ['document'],
  ['search', 'recognition'],
  ['experiments'],
  ['study'],
  ['catalog'],
  ['server'],
  ['exchange', 'library'],
  ['index.ts'],
  ['cli'],
]

/** The floors of the page. Its views do not know each other; nor do recognition and training. */
const webLevels = [
  ['base', 'plugins', 'environment.d.ts'],
  ['parts'],
  ['client'],
  ['recognition', 'training'],
  ['views/data', 'views/recognize', 'views/runs', 'views/search', 'views/train'],
  ['views/index.ts'],
  ['app.tsx'],
  ['main.tsx', 'vite.config.ts'],
]
/** What of src/ the page may import: what trains, recognizes and draws, the settings, and the rows of records. */
const webMayImport = [
  ...['base', 'engine', 'pictures', 'data', 'model', 'recipe', 'record', 'training', 'evaluation'],
  ...['visualization', 'search/record.ts', 'search/conclusion.ts', 'search/figures'],
  ...['recognition', 'catalog', 'runs/summarize.ts'],
]
/** The style sheet of the documents is made into the page's when it is built. */
const webMayImportToo: Readonly<Record<string, string>> = { 'plugins/theme-sheet.ts': 'document/style.ts' }

/** The files of the core floors that look at the process, and why they must. */
const mayKnowProcess: Readonly<Record<string, string>> = {
  'base/hash.ts': 'takes the SHA-256 of Node where there is Node',
  'data/surroundings.ts':
    'the one door to environment, home and network; everything else is handed what it returns',
  'engine/native.ts': 'loads a Node add-on, and lets the environment name another one or a variant',
  'record/environment.ts': 'writes down what the machine is',
  'record/lock.ts': 'says which process writes a record, and asks whether it still lives',
}
/** The definition in float64, in which gradients are checked; its float32 branch has functions of its own. */
const mayUseMath = ['engine/reference/elementary.ts']

interface SourceFile {
  readonly path: string
  readonly floor: string
  readonly text: string
  /** The files that it imports, at once or while it runs; types too. */
  readonly imports: readonly string[]
}

function readSource(root: string, name: string): SourceFile {
  const text = readFileSync(join(root, name), 'utf8')
  const found = text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g)
  const imports = Array.from(found, ([, to]) => relative(root, join(root, dirname(name), to)))
  const depth = name.startsWith('views/') ? 2 : 1
  return { path: name, floor: name.split('/').slice(0, depth).join('/'), text, imports }
}

const readAll = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readSource(root, name))
const isShipped = ({ path }: SourceFile) => !/\.test\.ts$|\/fixtures?[./]/.test(path)
const all = readAll(src)
const files = all.filter(isShipped)
const webFiles = readAll(web).filter(isShipped)
const levelOf = (path: string) => levels.findIndex((floors) => floors.includes(path.split('/')[0]))
const breaches = (
  found: (file: SourceFile) => readonly string[],
  among: readonly SourceFile[] = files,
): string[] => among.flatMap((file) => found(file).map((what) => `${file.path}: ${what}`))

/** The text without comments and without what stands between quotes. */
const code = ({ text }: SourceFile) =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'|`[^`$]*`/g, "''")

/** Every way from a file back to itself. */
function circlesAmong(among: readonly SourceFile[]): string[] {
  const byPath = new Map(among.map((file) => [file.path, file]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
    if (way.includes(path) || done.has(path)) return
    for (const to of byPath.get(path)?.imports ?? []) visit(to, [...way, path])
    done.add(path)
  }
  for (const { path } of among) visit(path, [])
  return circles
}

describe('the stairs', () => {
  test('every file stands on a floor', () => {
    expect(breaches(({ path }) => (levelOf(path) < 0 ? ['no floor of this name'] : []))).toEqual([])
  })

  test('imports go down only', () => {
    const up = ({ floor, imports }: SourceFile) =>
      imports.filter((to) => to.split('/')[0] !== floor && levelOf(to) >= levelOf(floor))
    expect(breaches(up)).toEqual([])
  })

  test('no file imports itself, by whatever way round', () => {
    expect(circlesAmong(files)).toEqual([])
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
    const core = files.filter(({ path }) => levelOf(path) <= levelOf('evaluation'))
    const knows = (file: SourceFile) =>
      file.path in mayKnowProcess ? [] : (code(file).match(/\b(process|document|window)\b(?=[.[])/g) ?? [])
    expect(breaches(knows, core)).toEqual([])
  })

  test('nothing is random but by key', () => {
    expect(breaches((file) => code(file).match(/Math\.random|getRandomValues/g) ?? [])).toEqual([])
  })

  test('no elementary function of the engine reaches a weight', () => {
    const figures =
      /^(visualization|document|evaluation)\/|figures\/|^study\/report\/|^experiments\/.*(norms|gradient|map)\.ts/
    const engine = files.filter(({ path }) => !figures.test(path) && !mayUseMath.includes(path))
    const uses = (file: SourceFile) =>
      code(file).match(
        /Math\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|tanh|sinh|cosh|cbrt|hypot)\b/g,
      ) ?? []
    expect(breaches(uses, engine)).toEqual([])
  })
})

describe('the stairs of the page', () => {
  const isOutside = (path: string) => path.startsWith('../')
  const webLevelOf = (path: string) =>
    webLevels.findIndex((floors) => floors.some((floor) => path === floor || path.startsWith(`${floor}/`)))

  test('every file stands on a floor', () => {
    const lost = ({ path }: SourceFile) => (webLevelOf(path) < 0 ? ['no floor of this name'] : [])
    expect(breaches(lost, webFiles)).toEqual([])
  })

  test('imports go down only', () => {
    const isUp = (floor: string, to: string) =>
      /\.tsx?$/.test(to) && !to.startsWith(`${floor}/`) && to !== floor && webLevelOf(to) >= webLevelOf(floor)
    const up = ({ floor, imports }: SourceFile) => imports.filter((to) => !isOutside(to) && isUp(floor, to))
    expect(breaches(up, webFiles)).toEqual([])
  })

  test('no file imports itself, by whatever way round', () => {
    expect(circlesAmong(webFiles)).toEqual([])
  })

  test('the page knows neither command line nor server nor study', () => {
    const refused = ({ path, imports }: SourceFile) =>
      imports
        .filter(isOutside)
        .map((to) => to.replace('../src/', ''))
        .filter(
          (to) =>
            !webMayImport.some((known) => to === known || to.startsWith(`${known}/`)) &&
            webMayImportToo[path] !== to,
        )
    expect(breaches(refused, webFiles)).toEqual([])
  })

  test('only the client speaks to the server', () => {
    const speaks = (file: SourceFile) =>
      file.floor === 'client'
        ? []
        : (code(file).match(/\bfetch\(|\bnew (EventSource|XMLHttpRequest|WebSocket)\b/g) ?? [])
    expect(breaches(speaks, webFiles)).toEqual([])
  })
})
