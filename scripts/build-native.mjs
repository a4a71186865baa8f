// Compiles kernels/*.c into build/atelier.node; `npm install` runs it. It never fails an installation: without a C
// compiler the program goes on without the add-on, and says so in one line.
//
//   node scripts/build-native.mjs [--force] [--sanitize]
//
// --sanitize builds build/atelier-sanitized.node with AddressSanitizer and UndefinedBehaviorSanitizer.

import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = join(root, 'kernels')
const build = join(root, 'build')
const sanitize = process.argv.includes('--sanitize')
const target = join(build, sanitize ? 'atelier-sanitized.node' : 'atelier.node')
const objects = join(build, `objects-${process.pid}`)

/** Vector widths by processor: the compiler's flags and the lanes of a vector. */
const variants = {
  x64: {
    avx512: [
      '-mavx512f',
      '-mavx512vl',
      '-mavx512bw',
      '-mavx512dq',
      '-mfma',
      '-mprefer-vector-width=512',
      '-DLANES=16',
    ],
    avx2: ['-mavx2', '-mfma', '-DLANES=8'],
    baseline: ['-DLANES=4'],
  },
  arm64: { neon: ['-DLANES=4'] },
}[process.arch] ?? { baseline: ['-DLANES=4'] }

/** Families whose products and sums fuse; the others have one copy for both arithmetics. */
const fusing = /^(dense|convolution|peak)/
/** Not kernels: compiled once. */
const common = ['program.c', 'threads.c', 'runtime.c', 'measure.c', 'request.c', 'addon.c']
/** The entry of the WebAssembly module, and what it has instead of a C library: scripts/build-wasm.mjs. */
const foreign = ['wasm.c', 'freestanding.c']

const flags = [
  ...[
    '-std=c17',
    '-O3',
    '-g0',
    '-fPIC',
    '-ffp-contract=off',
    '-fno-math-errno',
    '-fvisibility=hidden',
    '-Wall',
    '-Wextra',
  ],
  ...(process.platform === 'darwin' ? [] : ['-pthread']),
  ...(sanitize
    ? [
        '-g1',
        '-O1',
        '-fsanitize=address,undefined',
        '-fno-sanitize-recover=undefined',
        '-fno-omit-frame-pointer',
      ]
    : []),
]

const linking =
  process.platform === 'darwin'
    ? ['-dynamiclib', '-undefined', 'dynamic_lookup']
    : ['-shared', '-pthread', ...(sanitize ? ['-fsanitize=address,undefined'] : ['-Wl,-s'])]

const say = (sentence) => process.stdout.write(`atelier: ${sentence}\n`)

class BuildError extends Error {}

function findCompiler() {
  for (const name of process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang']) {
    try {
      return { name, version: execFileSync(name, ['--version'], { encoding: 'utf8' }).split('\n')[0] }
    } catch {
      // not this one
    }
  }
  throw new BuildError('no C compiler was found (cc, gcc or clang; or set CC)')
}

function findHeaders() {
  try {
    return createRequire(import.meta.url)('node-api-headers').include_dir
  } catch {
    throw new BuildError('the package node-api-headers is missing')
  }
}

/** Every compilation as data: what it makes, from what, with which flags. */
function compilations(headers) {
  const others = [...common, ...foreign]
  const kernels = readdirSync(sources).filter((file) => file.endsWith('.c') && !others.includes(file))
  const jobs = common.map((file) => ({
    file,
    object: file.replace(/c$/, 'o'),
    extra: [`-I${headers}`, '-DNAPI_VERSION=8'],
  }))
  for (const [variant, wide] of Object.entries(variants)) {
    for (const arithmetic of ['strict', 'fused']) {
      for (const file of kernels) {
        const isTable = file === 'table.c'
        if (arithmetic === 'fused' && !isTable && !fusing.test(file)) continue
        const extra = [...wide, `-DVARIANT=${variant}_${arithmetic}`]
        if (arithmetic === 'fused') extra.push('-DFUSED')
        if (isTable) extra.push(`-DCOMMON=${variant}_strict`)
        jobs.push({ file, object: `${file.slice(0, -2)}-${variant}-${arithmetic}.o`, extra })
      }
    }
  }
  return jobs
}

const run = (command, args) =>
  new Promise((resolve, reject) => {
    execFile(command, args, { cwd: sources }, (error, stdout, stderr) => {
      const output = `$ ${command} ${args.join(' ')}\n${stdout}${stderr}`
      if (error) reject(new BuildError(`${command} failed`, { cause: output }))
      else resolve(output)
    })
  })

/** Takes jobs from one list until it is empty, on every core; the costly ones first. */
async function compileAll(compiler, jobs) {
  const costly = ({ file }) => (fusing.test(file) ? 0 : 1)
  const queue = jobs.toSorted((a, b) => costly(a) - costly(b))
  const outputs = []
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      outputs.push(
        await run(compiler, [...flags, ...job.extra, '-c', job.file, '-o', join(objects, job.object)]),
      )
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return outputs
}

function fingerprint(compiler, jobs) {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([compiler, flags, linking, jobs, process.arch, process.platform]))
  for (const file of readdirSync(sources).sort()) hash.update(file).update(readFileSync(join(sources, file)))
  return hash.digest('hex')
}

async function compile() {
  const started = Date.now()
  if (process.platform === 'win32') throw new BuildError('the add-on does not know Windows yet')
  const compiler = findCompiler()
  const jobs = compilations(findHeaders())
  const stamp = `${target}.stamp`
  const inputs = fingerprint(compiler, jobs)
  const isCurrent = existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs
  if (isCurrent && !process.argv.includes('--force')) return 'the native kernels are up to date.'
  mkdirSync(objects, { recursive: true })
  const outputs = await compileAll(compiler.name, jobs)
  const beside = `${target}.${process.pid}`
  outputs.push(
    await run(compiler.name, [
      ...linking,
      ...jobs.map(({ object }) => join(objects, object)),
      '-lm',
      '-o',
      beside,
    ]),
  )
  renameSync(beside, target)
  writeFileSync(stamp, inputs)
  writeFileSync(join(build, 'native.log'), outputs.join(''))
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  return `built the native kernels (${Object.keys(variants).join(', ')}) with ${compiler.version} in ${seconds} s.`
}

mkdirSync(build, { recursive: true })
try {
  say(await compile())
} catch (error) {
  if (!(error instanceof Error)) throw error
  const log = join(build, 'native.log')
  writeFileSync(log, `${error.message}\n${error.cause ?? error.stack}`)
  // An add-on of older sources would be worse than none.
  rmSync(target, { force: true })
  say(
    `the native kernels were not built: ${error.message}; the program goes on without them (details: ${log}).`,
  )
} finally {
  rmSync(objects, { recursive: true, force: true })
}
