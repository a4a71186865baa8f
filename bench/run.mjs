// Runs a TypeScript file of this folder: `node bench/run.mjs main --quick`. Newer Nodes read it as it is; for older
// ones Vite, which Vitest brings along, takes the types away.

import { fileURLToPath } from 'node:url'

const [name = 'main'] = process.argv.splice(2, 1)
const file = new URL(`${name}.ts`, import.meta.url)

if (process.features.typescript) await import(file.href)
else {
  const { runnerImport } = await import('vite')
  await runnerImport(fileURLToPath(file), { logLevel: 'error' })
}
