// Runs the kernels' threads under ThreadSanitizer (GCC or Clang, Linux): builds test/threads/driver.c with the runtime and the
// baseline kernels, writes plans of networks, and runs them. Races do not depend on the vector width or the arithmetic.
// Needs dist/ (`npm run build`).

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { key } from '../dist/base/random.js'
import { encode } from '../dist/engine/program.js'
import { compile } from '../dist/model/compile.js'
import * as layers from '../dist/model/functional.js'
import { cnn, mlp, residual } from '../dist/model/named.js'
import { optimizers } from '../dist/recipe/optimizers.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const kernels = join(root, 'kernels')
const build = join(root, 'build', 'threads')
const compiler = process.env.CC ?? 'cc'

const flags = [
  '-std=c17',
  '-O1',
  '-g1',
  '-pthread',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fsanitize=thread',
]
const strict = [
  '-DLANES=4',
  '-DVARIANT=baseline_strict',
  '-DONLY_BASELINE',
  '-Dkernels_baseline_fused=kernels_baseline_strict',
]
/** Of the sources in kernels/: not for this door, or nothing that a network runs. */
const others = ['addon.c', 'request.c', 'wasm.c', 'freestanding.c', 'measure.c', 'peak.c']

async function buildDriver() {
  const sources = readdirSync(kernels).filter((file) => file.endsWith('.c') && !others.includes(file))
  const queue = [...sources.map((file) => join(kernels, file)), join(root, 'test/threads/driver.c')]
  // The costly ones first.
  queue.sort((a, b) => Number(/convolution|dense/.test(b)) - Number(/convolution|dense/.test(a)))
  const objects = queue.map((_, i) => join(build, `${i}.o`))
  const jobs = queue.map((file, i) => [...flags, ...strict, '-c', file, '-o', objects[i]])
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await promisify(execFile)(compiler, job)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  const driver = join(build, 'driver')
  execFileSync(compiler, [...flags, ...objects, '-lm', '-o', driver])
  return driver
}

const optimizerOf = (name, options) => {
  const { update, rates } = optimizers[name].open({ ...options, weightDecay: 0.01 })
  return { update, rates }
}
const sgd = optimizerOf('sgd', { momentum: 0.9, nesterov: true })
const adam = optimizerOf('adam', { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })

/** Layers that no named network has. */
function pooled() {
  const inputs = layers.input([12, 12, 2])
  const convolved = layers.conv2d({ filters: 5, kernel: 3, strides: 2, activation: 'sigmoid' })(inputs)
  const averaged = layers.averagePool2d({ pool: 2 })(convolved)
  const outputs = layers.dense({ units: 10 })(layers.flatten()(averaged))
  return layers.model({ inputs, outputs, name: 'pooled' })
}

const augmentation = {
  ...{ height: 12, width: 12, channels: 1, key0: 1, key1: 2, flip: 1, translate: 2 },
  ...{ eraseThreshold: 2 ** 31, eraseLow: 1, eraseHigh: 4, fill: 0 },
}
const small = { imageShape: [12, 12, 1] }
/** Between them these run every operation. */
const networks = [
  [mlp('mlp', [70, 33], { ...small, activation: 'tanh', dropout: 0.2 }), { optimizer: sgd, clipNorm: 1 }],
  [cnn('cnn', [9, 16], small), { optimizer: adam, averages: true, augmentation }],
  [residual('residual', [8, 16, 16], small), { optimizer: sgd, labelSmoothing: 0.1 }],
  [pooled(), { optimizer: adam, fuses: false }],
]

/** As the driver reads it. */
function writePlan([model, options], number) {
  const common = { batch: 8, scale: 1 / 255, shift: 0, loss: 'cross-entropy', key: key(number) }
  const { plan, tensors } = compile(model, { ...common, ...options })
  const programs = Object.values(plan.programs).map(encode)
  const head = [plan.words, plan.batch, tensors.x.length, programs.length]
  const words = [head, ...programs.flatMap((program) => [[program.length / 64], program])]
  const path = join(build, `${model.name}.plan`)
  writeFileSync(path, Buffer.concat(words.map((some) => Buffer.from(Int32Array.from(some).buffer))))
  return path
}

rmSync(build, { recursive: true, force: true })
mkdirSync(build, { recursive: true })
const driver = await buildDriver()
const env = { ...process.env, TSAN_OPTIONS: 'halt_on_error=1' }
execFileSync(driver, networks.map(writePlan), { stdio: 'inherit', env })
