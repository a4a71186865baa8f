import { expect, test } from 'vitest'
import { key, shuffle, words } from '../../base/random.ts'
import { watch } from '../../base/watch.ts'
import { assemble } from '../../data/assemble.ts'
import { fashionClassNames } from '../../data/fashion-mnist.ts'
import { drawSilhouettes } from '../../data/silhouettes/silhouettes.ts'
import { split } from '../../data/split.ts'
import { chooseBackend } from '../../kernels/choose.ts'
import { auditLabels, type LabelFindings } from './labels.ts'
import { labelAuditSettings } from './settings.ts'

const COUNT = 10_000
const FLIPPED = 200

/** Silhouettes of which some carry another label than their own, and which ones. */
function planted(seed: number) {
  const train = drawSilhouettes(1, 'train', COUNT)
  const from = key(seed).child('planted')
  const everyone = Int32Array.from({ length: COUNT }, (_, i) => i)
  const flipped = new Set(shuffle(from, everyone).subarray(0, FLIPPED))
  const shifts = words(from.child('shifts'), new Uint32Array(COUNT))
  for (const i of flipped) train.labels[i] = (train.labels[i] + 1 + (shifts[i] % 9)) % 10
  const test = drawSilhouettes(1, 'test', 300)
  const dataset = assemble({ source: 'x', title: 'X', classNames: fashionClassNames, train, test })
  const splitOptions = { validation: 0.2, seed: 1 }
  return { data: { dataset, split: split(train, splitOptions), splitOptions }, flipped }
}

const { data, flipped } = planted(1)
const settings = labelAuditSettings.parse({ network: 'mlp-medium', epochs: 4 })
const run = (signal?: AbortSignal): Promise<LabelFindings | undefined> =>
  watch(auditLabels({ data, engine: chooseBackend(), settings, signal }), () => {})

test('of 200 labels set at random among 10,000, at least four fifths are within the first 400 suspects', async () => {
  const { suspects, record } = (await run())!
  const first = suspects.filter((one) => one.split !== 'test').slice(0, 2 * FLIPPED)
  expect(first).toHaveLength(2 * FLIPPED)
  const found = first.filter(({ index }) => flipped.has(index))
  expect(found.length).toBeGreaterThanOrEqual(0.8 * FLIPPED)

  const held = new Set(data.split.validation)
  for (const one of first) {
    expect(one.split).toBe(held.has(one.index) ? 'validation' : 'train')
    expect(one.given).toBe(data.dataset.train.labels[one.index])
  }
  const [training, test_] = record.parts
  expect(training.suspects + test_.suspects).toBe(suspects.length)
  for (const { accuracy } of record.parts) expect(accuracy.without).toBeGreaterThan(accuracy.all)
  const [all, without] = record.retrained
  expect(all.images).toBe(data.split.train.length)
  const left = suspects.filter((one) => one.split === 'train').length
  expect(without.images).toBe(all.images - left)
})

test('what is interrupted says nothing', async () => {
  expect(await run(AbortSignal.abort())).toBeUndefined()
})
