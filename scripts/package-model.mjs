// Makes a run the network that comes with the package: models/fashion-mnist.safetensors and its card. The run must have
// been evaluated on the test split; dist/ must be built.
//
//   node scripts/package-model.mjs RUN

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { modelCard } from '../dist/exchange/card.js'
import { formats, readExportSource } from '../dist/exchange/formats.js'

const NAME = 'fashion-mnist'
const MOST_PARAMETERS = 100_000
const MOST_BYTES = 400_000

const models = join(dirname(dirname(fileURLToPath(import.meta.url))), 'models')
const refuse = (sentence) => {
  process.stderr.write(`atelier: ${sentence}\n`)
  process.exit(2)
}

const [path] = process.argv.slice(2)
if (path === undefined) refuse('usage: node scripts/package-model.mjs RUN')
const { model, run } = await readExportSource(path)
if (run?.test === undefined || model.metadata.threshold === undefined)
  refuse(`${path} was not evaluated yet. First: atelier evaluate ${path}`)
const { manifest } = run.record
if (manifest.parameters >= MOST_PARAMETERS) refuse(`${manifest.parameters} parameters are too many.`)

// Where the run lay is no matter of its readers'.
const command = manifest.command.replace(/--out \S+/, `--out runs/${NAME}`)
const record = { ...run.record, directory: `runs/${NAME}`, manifest: { ...manifest, name: NAME, command } }
const named = { ...model, name: NAME }
const bytes = formats.safetensors.encode({ path, model: named, run: undefined })
if (bytes.length > MOST_BYTES) refuse(`${bytes.length} bytes are too many.`)

mkdirSync(models, { recursive: true })
writeFileSync(join(models, `${NAME}.safetensors`), bytes)
writeFileSync(join(models, `${NAME}.md`), modelCard({ model: named, run: record, test: run.test }))
process.stdout.write(
  `atelier: packaged ${path}: ${bytes.length} bytes, test accuracy ${run.test.accuracy}.\n`,
)
