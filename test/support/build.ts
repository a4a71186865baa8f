import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const time = (path: string) => statSync(`${root}/${path}`).mtimeMs

/** Builds `dist/` once before all tests where a source is newer than it: tests of commands run what a user runs. */
export default function build(): void {
  const main = 'dist/cli/main.js'
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `src/${name}`)
  const inputs = [...sources, 'tsconfig.json', 'tsconfig.build.json', 'package.json']
  if (existsSync(`${root}/${main}`) && inputs.every((path) => time(path) < time(main))) return
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  if (!existsSync(`${root}/${main}`)) throw new Error('The build gave nothing to test.')
  if (status !== 0)
    console.warn('The types do not fit; the tests of commands run what was built all the same.')
}
