import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('inputs that failed once are read, or refused with a typed error, within 2 s and 1 GB', () => {
  const script = fileURLToPath(new URL('../scripts/test-fuzz.mjs', import.meta.url))
  const said = execFileSync(process.execPath, [script, '--replay'], { encoding: 'utf8' })
  expect(said).toMatch(/inputs that failed once: 0 faults/)
})
