import { describe, expect, test } from 'vitest'
import { key, shuffle, words } from '../../base/random.ts'
import { watch } from '../../base/watch.ts'
import { assemble } from '../../data/assemble.ts'
import type { LabeledImages } from '../../data/dataset.ts'
import { fashionClassNames } from '../../data/fashion-mnist.ts'
import { take } from '../../data/hold-out.ts'
import { drawSilhouettes } from '../../data/silhouettes/silhouettes.ts'
import { loadDataset, parseSource } from '../../data/source.ts'
import { split } from '../../data/split.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { auditLabels, type LabelFindings } from './labels.ts'
import { type LabelAuditSettings, labelAuditSettings } from './settings.ts'

const COUNT = 10_000
const FLIPPED = 200
const { ATELIER_DATA, ATELIER_LONG_TESTS } = process.env
const isLong = ATELIER_LONG_TESTS === '1' && ATELIER_DATA !== undefined

const brief = labelAuditSettings.parse({ network: 'mlp-medium', epochs: 4 })

/** Images of which some carry another label than their own, and which ones. */
function planted(train: LabeledImages, seed: number) {
  const from = key(seed).child('planted')
  const everyone = Int32Array.from({ length: train.count }, (_, i) => i)
  const flipped = new Set(shuffle(from, everyone).subarray(0, FLIPPED))
  const shifts = words(from.child('shifts'), new Uint32Array(train.count))
  for (const i of flipped) train.labels[i] = (train.labels[i] + 1 + (shifts[i] % 9)) % 10
  const test = drawSilhouettes(1, 'test', 300)
  const dataset = assemble({ source: 'x', title: 'X', classNames: fashionClassNames, train, test })
  const splitOptions = { validation: 0.2, seed: 1 }
  return { data: { dataset, split: split(train, splitOptions), splitOptions }, flipped }
}

type Planted = ReturnType<typeof planted>

const run = (
  data: Planted['data'],
  settings: LabelAuditSettings,
  signal?: AbortSignal,
): Promise<LabelFindings | undefined> =>
  watch(auditLabels({ data, engine: chooseBackend(), settings, signal }), () => {})

/** The likeliest errors of the training file, twice as many as were planted. */
const firstOf = ({ suspects }: LabelFindings) =>
  suspects.filter((one) => one.split !== 'test').slice(0, 2 * FLIPPED)

describe('of 200 labels set at random among 10,000, at least four fifths are within the first 400 suspects', () => {
  test('of drawn clothes', async () => {
    const { data, flipped } = planted(drawSilhouettes(1, 'train', COUNT), 1)
    const found = (await run(data, brief))!
    const { suspects, record } = found
    const first = firstOf(found)
    expect(first).toHaveLength(2 * FLIPPED)
    expect(first.filter(({ index }) => flipped.has(index)).length).toBeGreaterThanOrEqual(0.8 * FLIPPED)

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

  test.runIf(isLong).each([1, 2, 3])(
    'of Fashion-MNIST, draw %i',
    async (seed) => {
      const { train } = await loadDataset(parseSource('fashion-mnist'))
      const { data, flipped } = planted(
        take(
          train,
          Int32Array.from({ length: COUNT }, (_, i) => i),
        ),
        seed,
      )
      const first = firstOf((await run(data, labelAuditSettings.parse({})))!)
      const hits = first.filter(({ index }) => flipped.has(index)).length
      console.info(`${hits} of ${FLIPPED} are within the first ${first.length} suspects`)
      expect(hits).toBeGreaterThanOrEqual(0.8 * FLIPPED)
    },
    600_000,
  )
})

test('what is interrupted says nothing', async () => {
  expect(
    await run(planted(drawSilhouettes(1, 'train', 400), 1).data, brief, AbortSignal.abort()),
  ).toBeUndefined()
})
