// Predicts with ONNX Runtime: as many batches as each line of standard input says; answers with the seconds.
//   node onnxruntime.mjs NETWORK THREADS FOLDER FILE    (FOLDER: where scripts/install-peers.mjs put it)

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [network, threads, folder, file] = process.argv.slice(2)
const { batch } = JSON.parse(network)
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`)

const require = createRequire(join(folder, 'index.js'))
const { InferenceSession, Tensor } = require('onnxruntime-node')
const options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: 'all' }
const session = await InferenceSession.create(file, options)
const x = new Tensor(
  'float32',
  Float32Array.from({ length: batch * 784 }, (_, i) => (i % 255) / 255),
  [batch, 1, 28, 28],
)

await session.run({ x })
say({ version: `ONNX Runtime ${require('onnxruntime-node/package.json').version}` })
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now()
  for (let i = 0; i < Number(line); i++) await session.run({ x })
  say({ seconds: (performance.now() - began) / 1000 })
}
