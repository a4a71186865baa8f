// Compiles kernels/*.c for WebAssembly and writes src/engine/wasm-binary.ts, which is checked in: nobody needs a
// compiler to use it. The same compiler makes the same bytes, on every machine.
//
//   node scripts/build-wasm.mjs [--check]
//
// --check compiles anew and compares with what is checked in; where there is no Clang, or one of another version, it
// says so and is content. CLANG names another compiler.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = join(root, 'kernels')
const target = join(root, 'src/engine/wasm-binary.ts')

/** What only the Node add-on needs. */
const nativeOnly = ['addon.c', 'request.c', 'threads.c', 'runtime.c']

const flags = [
  ...['--target=wasm32', '-msimd128', '-mno-relaxed-simd', '-mbulk-memory', '-ffreestanding', '-nostdlib'],
  ...['-std=c17', '-O3', '-g0', '-ffp-contract=off', '-fno-math-errno', '-Wall', '-Wextra'],
  ...['-fvisibility=hidden', '-DLANES=4', '-DVARIANT=simd128'],
]
// With the stack below everything else, running out of it traps instead of overwriting constants.
const linking = ['--no-entry', '--stack-first', '-z', 'stack-size=65536', '--strip-all', '--gc-sections']

/** All that the kernels want of <string.h>, which a freestanding compiler lacks. */
const stringHeader = `#include <stddef.h>
void *memcpy(void *restrict, const void *restrict, size_t);
void *memset(void *, int, size_t);
`

const say = (sentence) => process.stdout.write(`atelier: ${sentence}\n`)
const ask = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' }).trim()

/** The first Clang that knows WebAssembly, and its linker. */
function findCompiler() {
  const names = process.env.CLANG ? [process.env.CLANG] : ['clang-19', 'clang', 'clang-20', 'clang-18']
  for (const name of names) {
    try {
      const [version] = ask(name, '--version').split('\n')
      const linker = ask(name, '-print-prog-name=wasm-ld')
      ask(linker, '--version')
      return { name, linker, version: /\d+\.\d+\.\d+/.exec(version)[0] }
    } catch {
      // not this one
    }
  }
  return undefined
}

/** The module's bytes. Every compilation runs among the sources, so that no path gets into them. */
function compile({ name, linker }) {
  const objects = mkdtempSync(join(tmpdir(), 'atelier-wasm-'))
  try {
    writeFileSync(join(objects, 'string.h'), stringHeader)
    const files = readdirSync(sources).filter((file) => file.endsWith('.c') && !nativeOnly.includes(file))
    const compiled = files.sort().map((file) => {
      const object = join(objects, file.replace(/c$/, 'o'))
      const args = [...flags, '-isystem', objects, '-c', file, '-o', object]
      execFileSync(name, args, { cwd: sources, stdio: 'inherit' })
      return object
    })
    const module = join(objects, 'atelier.wasm')
    execFileSync(linker, [...linking, ...compiled, '-o', module], { stdio: 'inherit' })
    return readFileSync(module)
  } finally {
    rmSync(objects, { recursive: true, force: true })
  }
}

const render = (
  module,
  version,
) => `// Made by scripts/build-wasm.mjs from kernels/*.c with Clang ${version}: ${module.length} bytes.

/** The module in base64: a string reaches every bundler, browser and worker the same way. */
export const wasmBinary =
  '${module.toString('base64')}'
`

function build(compiler) {
  if (!compiler) throw new Error('no clang with wasm-ld was found (or set CLANG).')
  const module = compile(compiler)
  writeFileSync(target, render(module, compiler.version))
  say(`built the WebAssembly kernels with Clang ${compiler.version}: ${module.length} bytes.`)
}

function check(compiler) {
  const held = readFileSync(target, 'utf8')
  const [, version] = /with Clang ([\d.]+)/.exec(held) ?? []
  const subject = `the WebAssembly kernels, made with Clang ${version},`
  if (!compiler) return say(`${subject} were not compared: no clang with wasm-ld was found.`)
  if (compiler.version !== version) {
    return say(`${subject} were not compared: this is Clang ${compiler.version}.`)
  }
  if (render(compile(compiler), version) === held) return say(`${subject} are what the sources give.`)
  say(`${subject} are not what the sources give: run \`node scripts/build-wasm.mjs\` and commit the result.`)
  process.exitCode = 1
}

const compiler = findCompiler()
if (process.argv.includes('--check')) check(compiler)
else build(compiler)
