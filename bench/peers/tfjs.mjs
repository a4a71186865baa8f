// Trains a network in TensorFlow.js: as many steps as each line of standard input says; answers with the seconds.
//   node tfjs.mjs NETWORK BACKEND FOLDER    (FOLDER: where scripts/install-peers.mjs put it)

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [network, backend, folder] = process.argv.slice(2)
const { kind, widths, batch } = JSON.parse(network)
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`)
// Its greeting is no answer.
console.log = console.error
console.warn = console.error

const require = createRequire(join(folder, 'index.js'))
const tf = require('@tensorflow/tfjs')
if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm')
if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`)

const { dense, conv2d, maxPooling2d, flatten } = tf.layers
const shape = kind === 'mlp' ? [784] : [28, 28, 1]
const hidden = widths.flatMap((width, i) => {
  const inputShape = i === 0 ? { inputShape: shape } : {}
  if (kind === 'mlp') return [dense({ units: width, activation: 'relu', ...inputShape })]
  const convolution = { filters: width, kernelSize: 3, padding: 'same', activation: 'relu', ...inputShape }
  return [conv2d(convolution), maxPooling2d({ poolSize: 2, padding: 'same' })]
})
const head = [...(kind === 'cnn' ? [flatten()] : []), dense({ units: 10, activation: 'softmax' })]
const model = tf.sequential({ layers: [...hidden, ...head] })
model.compile({ optimizer: tf.train.momentum(0.01, 0.9, true), loss: 'sparseCategoricalCrossentropy' })

const batches = Array.from({ length: 16 }, () => [
  tf.randomUniform([batch, ...shape]),
  tf.floor(tf.randomUniform([batch, 1], 0, 10)),
])
let taken = 0
const step = () => model.trainOnBatch(...batches[taken++ % batches.length])

try {
  await step()
  say({ version: `TensorFlow.js ${tf.version.tfjs}` })
} catch (error) {
  say({ error: error.message.split('\n')[0] })
  process.exit(1)
}
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now()
  for (let i = 0; i < Number(line); i++) await step()
  say({ seconds: (performance.now() - began) / 1000 })
}
