/*
 * Builds the pages of docs/api/ from what the package exports: the declarations that the compiler wrote into dist/, with
 * their comments. Types that are made from schemas are written out. `npm run docs` writes them; a test compares.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { API, NodeBuilderFlags, SignatureKind } from 'typescript/unstable/sync'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
export const folder = join(root, 'docs/api')

/** What each floor of src/ is about; a page each, from the ground up. */
const floors = {
  base: 'Errors, random numbers by key, small statistics',
  engine: 'Where to compute',
  pictures: 'From a decoded picture to the bytes that a network sees',
  data: 'Datasets, their splits, and the seal on the test split',
  model: 'Networks: layers, the named architectures, weights',
  recipe: 'How a network is trained, as data',
  record: 'What is written down: events, weights files',
  training: 'Training as a stream of events',
  evaluation: 'Metrics, explanations, comparisons',
  tuning: 'Search: spaces, samplers, pruners, journals, workers',
  runs: 'Recorded runs: train, resume, evaluate, compare, explain',
  search: 'A search over networks',
  recognition: 'Classifiers in use',
  exchange: 'Export and import',
  library: 'The door: train and search with option objects',
}

/** The modules that a declaration file passes on, and its own exported declarations. */
function readModule(file) {
  const text = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, text, { lang: 'dts' })
  return { file, text, comments, body: program.body }
}

const sourceOf = ({ file }, { source }) => join(dirname(file), source.value.replace(/\.ts$/, '.d.ts'))

/** Names that a module exports → where they are declared: `{ name, module, statements }`. */
function exportsOf(file, modules = new Map()) {
  if (modules.has(file)) return modules.get(file)
  const module = readModule(file)
  const found = new Map()
  modules.set(file, found)
  for (const statement of module.body) {
    if (statement.type === 'ExportAllDeclaration') {
      for (const [name, entry] of exportsOf(sourceOf(module, statement), modules)) found.set(name, entry)
    } else if (statement.type === 'ExportNamedDeclaration' && statement.source) {
      const from = exportsOf(sourceOf(module, statement), modules)
      for (const { local, exported } of statement.specifiers) {
        found.set(exported.name, { ...from.get(local.name), name: exported.name })
      }
    } else if (statement.type === 'ExportNamedDeclaration' && statement.declaration) {
      const { id, declarations } = statement.declaration
      for (const { name } of declarations?.map((one) => one.id) ?? [id]) {
        const statements = [...(found.get(name)?.statements ?? []), statement]
        found.set(name, { name, declared: name, module, statements })
      }
    }
  }
  return found
}

/** The text of the comment that stands right before a statement. */
function commentOf({ text, comments }, { start }) {
  const comment = comments.find(({ end }) => end <= start && text.slice(end, start).trim() === '')
  if (comment === undefined || !comment.value.startsWith('*')) return ''
  const lines = comment.value.slice(1).split('\n')
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim()
}

const sourcePath = ({ file }) =>
  relative(root, file)
    .replace(/^dist\//, 'src/')
    .replace(/\.d\.ts$/, '.ts')

/** Opens the compiler, which writes out what only it can work out. */
function openCompiler() {
  const api = new API({ cwd: root })
  const [project] = api.updateSnapshot({ openProject: join(root, 'tsconfig.build.json') }).getProjects()
  const { checker } = project
  const flags =
    NodeBuilderFlags.NoTruncation |
    NodeBuilderFlags.InTypeAlias |
    NodeBuilderFlags.UseSingleQuotesForStringLiteralType
  const typeAt = (module, pattern) => {
    const path = join(root, sourcePath(module))
    return checker.getTypeAtPosition(path, readFileSync(path, 'utf8').search(pattern))
  }
  const written = (type) => checker.typeToString(type, undefined, flags)
  return {
    /** What an alias stands for. */
    alias: (module, name) => written(typeAt(module, new RegExp(`(?<=type )${name}\\b`))),
    /** The options of a layer: the first parameter of a function that is a constant. */
    options(module, name) {
      const type = typeAt(module, new RegExp(`(?<=export const )${name}\\b`))
      const [signature] = checker.getSignaturesOfType(type, SignatureKind.Call)
      return written(checker.getParameterType(signature, 0))
    },
    close: () => api.close(),
  }
}

/** Aliases that say nothing to a reader until they are written out: of schemas, and of the keys of tables. */
const isVeiled = (text) => /\bz\.(infer|input)<|\bkeyof\b/.test(text) && !/\bextends\b|<const /.test(text)

/** A declaration as a reader wants it. */
function declarationOf({ name, declared, module, statements }, compiler) {
  const text = statements.map(({ start, end }) => module.text.slice(start, end)).join('\n')
  const [{ declaration = statements[0] }] = statements
  const isAlias = declaration.type === 'TSTypeAliasDeclaration' && !declaration.typeParameters
  if (isAlias && isVeiled(text)) return `export type ${name} = ${compiler.alias(module, declared)}`
  const shown = /\bOptions<["']/.test(text)
    ? text.replace(/\bOptions<["']\w+["']>/, () => compiler.options(module, declared))
    : text
  return name === declared ? shown : shown.replaceAll(new RegExp(`\\b${declared}\\b`, 'g'), name)
}

const withoutComments = (text) => text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/'[^'\n]*'/g, '')
const typeWords = (text) => new Set(withoutComments(text).match(/\b[A-Z]\w*/g))

/** The types that a declaration names and the package does not export, where a module of ours declares them. */
function* behind({ module, shown }, modules) {
  const imports = new Map()
  for (const statement of module.body) {
    if (statement.type !== 'ImportDeclaration' || !statement.source.value.startsWith('.')) continue
    for (const { local, imported } of statement.specifiers) imports.set(local.name, { statement, imported })
  }
  for (const word of typeWords(shown)) {
    const own = module.body.find((statement) => (statement.declaration ?? statement).id?.name === word)
    const from = imports.get(word)
    if (own) yield { name: word, declared: word, module, statements: [own] }
    else if (from) {
      const entry = exportsOf(sourceOf(module, from.statement), modules).get(from.imported.name)
      if (entry) yield entry
    }
  }
}

const CUT = '// ---- cut ----'

/** Declarations laid out as our sources are. */
function formatted(declarations) {
  const biome = join(root, 'node_modules/.bin/biome')
  const input = declarations.join(`\n${CUT}\n`)
  const { stdout, status, stderr } = spawnSync(biome, ['format', '--stdin-file-path=src/api.ts'], {
    cwd: root,
    input,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout.split(CUT).map((text) => text.trim().replaceAll(/^(export )?(declare )?/gm, ''))
}

/** Headings' anchors as GitHub makes them: the same word a second time gets a number. */
function anchorsOf(names) {
  const seen = new Map()
  return names.map((name) => {
    const word = name.toLowerCase()
    const count = seen.get(word) ?? 0
    seen.set(word, count + 1)
    return count === 0 ? word : `${word}-${count}`
  })
}

const order = (a, b) => (a === b ? 0 : a < b ? -1 : 1)

/** Everything that has an entry: what is exported, and the types that it speaks of. */
function allEntries() {
  const compiler = openCompiler()
  try {
    const modules = new Map()
    const exported = exportsOf(join(root, 'dist/index.d.ts'), modules)
    const filled = (entry, isExported) => {
      const path = sourcePath(entry.module)
      const [, floor] = path.split('/')
      if (!(floor in floors)) throw new Error(`scripts/api-docs.mjs: say what ${floor}/ is about.`)
      const comment = commentOf(entry.module, entry.statements[0])
      return { ...entry, path, floor, comment, isExported, shown: declarationOf(entry, compiler) }
    }
    const entries = [...exported.values()].map((entry) => filled(entry, true))
    const names = new Set(exported.keys())
    for (const entry of [...entries]) {
      for (const other of behind(entry, modules)) {
        if (names.has(other.name)) continue
        names.add(other.name)
        entries.push(filled(other, false))
      }
    }
    const texts = formatted(entries.map(({ shown }) => shown))
    return entries
      .map((entry, i) => ({ ...entry, text: texts[i] }))
      .sort((a, b) => order(!a.isExported, !b.isExported) || order(a.path, b.path))
  } finally {
    compiler.close()
  }
}

/** The pages, by the name of their file. */
export function apiPages() {
  const entries = allEntries()
  const places = new Map()
  const pages = Object.keys(floors).map((floor) => {
    const mine = entries.filter((entry) => entry.floor === floor)
    anchorsOf(mine.map(({ name }) => name)).forEach((anchor, i) => {
      places.set(mine[i].name, `${floor}.md#${anchor}`)
    })
    return { floor, entries: mine }
  })
  const filled = pages.filter(({ entries: mine }) => mine.length > 0)
  return new Map([
    ['README.md', indexPage(filled, places)],
    ...filled.map((page) => [`${page.floor}.md`, floorPage(page, places)]),
  ])
}

const note = '<!-- Built from the sources by `npm run docs`; changes belong into the comments there. -->'
const link = (name, places) => `[\`${name}\`](${places.get(name)})`

function indexPage(pages, places) {
  const rows = pages.map(({ floor, entries }) => {
    const names = entries
      .filter(({ isExported }) => isExported)
      .map(({ name }) => link(name, places))
      .join(' ')
    return `## [${floors[floor]}](${floor}.md)\n\n${names}`
  })
  const head = `# The library\n\n\`import * as at from 'atelier'\`. Begin with the [examples](../../examples).`
  return `${[note, head, ...rows].join('\n\n')}\n`
}

function floorPage({ floor, entries }, places) {
  const parts = entries.map(({ name, comment, text, path, isExported }) => {
    const words = typeWords(text)
    const used = [...places.keys()].filter((other) => other !== name && words.has(other))
    const seeAlso = used.sort().map((other) => link(other, places).replace(`(${floor}.md#`, '(#'))
    const foot = [
      `[${path}](../../${path})`,
      ...(isExported ? [] : ['not exported by itself']),
      ...(seeAlso.length > 0 ? [seeAlso.join(' ')] : []),
    ]
    const lines = [`## ${name}`, comment, `\`\`\`ts\n${text}\n\`\`\``, foot.join(' · ')]
    return lines.filter((part) => part !== '').join('\n\n')
  })
  return `${[note, `# ${floors[floor]}`, ...parts].join('\n\n')}\n`
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of apiPages()) writeFileSync(join(folder, name), text)
  console.log(`docs/api: ${readdirSync(folder).length} pages`)
}
