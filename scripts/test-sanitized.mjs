// Runs the kernel suites under AddressSanitizer and UndefinedBehaviorSanitizer (GCC, Linux): builds the sanitized
// add-on if need be, then Vitest with the sanitizers' libraries loaded before Node. Leaks are not looked for: Node has some.

import { execFileSync, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Of the networks of gigabytes those on this backend: the sanitizers make the memory of JavaScript itself slow. */
const runs = [
  ['src/engine/contract.test.ts', 'src/engine/native.test.ts', 'src/engine/hostile-calls.test.ts'],
  ['src/engine/large.test.ts', '--testNamePattern', '^native'],
]

const inherit = { cwd: root, stdio: 'inherit' }
execFileSync(process.execPath, [join(root, 'scripts/build-native.mjs'), '--sanitize'], inherit)
const compiler = process.env.CC ?? 'cc'
const library = (name) => execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()
const env = {
  ...process.env,
  ATELIER_ADDON: join(root, 'build/atelier-sanitized.node'),
  ATELIER_HOSTILE_CALLS: '30000',
  LD_PRELOAD: `${library('libasan.so')}:${library('libubsan.so')}`,
  ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
}
for (const suites of runs) {
  const command = ['node_modules/vitest/vitest.mjs', 'run', ...suites]
  const { status } = spawnSync(process.execPath, command, { ...inherit, env })
  if (status !== 0) process.exit(status ?? 1)
}
