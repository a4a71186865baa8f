import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { key } from '../src/base/random.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { evaluateOnTest } from '../src/evaluation/evaluate.ts'
import { openNetwork, PREDICTION_BATCH, setWeights } from '../src/model/network.ts'
import { countParameters } from '../src/model/summary.ts'
import { engineFor, loadClassifier, packagedModel } from '../src/recognition/load.ts'
import { hashWeights } from '../src/record/weights.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const card = readFileSync(packagedModel.replace(/safetensors$/, 'md'), 'utf8')
const { model, close } = await loadClassifier()
close()

test('it is small: fewer than 100,000 parameters, at most 400 KB', () => {
  expect(countParameters(model.spec)).toBeLessThan(100_000)
  expect(statSync(packagedModel).size).toBeLessThanOrEqual(400_000)
})

test('its card tells its hash and the line that makes it again, and no place of the machine that made it', () => {
  expect(card).toContain(hashWeights(model.tensors))
  expect(card).toMatch(/```sh\natelier train --out runs\/fashion-mnist .*--model cnn-medium .*\n```/)
  expect(card).not.toMatch(/\/(tmp|home|root|work|Users)\//)
})

test('its probabilities were calibrated on validation, and it may be not sure', () => {
  expect(model.temperature).not.toBe(1)
  expect(model.threshold).toBeGreaterThan(0.3)
  expect(model.threshold).toBeLessThan(1)
  expect(card).toContain(`Below a probability of ${model.threshold.toFixed(3)} it says that it is not sure.`)
})

test('npm packs it', () => {
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = (JSON.parse(listing)[0].files as { path: string }[]).map(({ path }) => path)
  expect(files).toContain('models/fashion-mnist.safetensors')
  expect(files).toContain('models/fashion-mnist.md')
})

test.runIf(process.env.ATELIER_DATA)('its accuracy on the test images is what its card says', async () => {
  const dataset = await loadDataset(parseSource('fashion-mnist'))
  const network = openNetwork(model.spec, engineFor(model), {
    ...{ batch: PREDICTION_BATCH, ...model.preprocessing, loss: model.loss, key: key(1) },
  })
  setWeights(network, model.tensors)
  const { evaluation } = evaluateOnTest(network, dataset.test, dataset.classNames)
  network.close()
  expect(card).toContain(`{ type: accuracy, value: ${evaluation.accuracy} }`)
  expect(evaluation.accuracy).toBeGreaterThan(0.92)
})
