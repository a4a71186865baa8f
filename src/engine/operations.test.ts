import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('the C sources know the operations as they are declared: kernels/operations.h is current', () => {
  const script = fileURLToPath(new URL('../../scripts/build-operations-header.mjs', import.meta.url))
  expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toBe('')
})
