import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const time = (path: string) => statSync(`${root}/${path}`).mtimeMs

const sourcesIn = (directory: string) =>
  readdirSync(`${root}/${directory}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|css|html|svg)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => `${directory}/${name}`)

/** Builds `dist/` once before all tests where a source is newer than it: tests run what a user runs. */
export default function build(): void {
  const [main, page] = ['dist/cli/main.js', 'dist/web/index.html']
  const inputs = [...sourcesIn('src'), 'tsconfig.json', 'tsconfig.build.json', 'package.json']
  const isFresh = (output: string, files: readonly string[]) =>
    existsSync(`${root}/${output}`) && files.every((path) => time(path) < time(output))
  if (isFresh(main, inputs) && isFresh(page, [...inputs, ...sourcesIn('web')])) return
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  if (!existsSync(`${root}/${main}`)) throw new Error('The build gave nothing to test.')
  if (status !== 0)
    console.warn('The types do not fit; the tests of commands run what was built all the same.')
}
