import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../../data/source.ts'
import { split } from '../../data/split.ts'
import { wasm } from '../../engine/wasm.ts'
import { imagesOf } from '../../evaluation/after-evaluation.ts'
import { readModelFile } from '../../runs/run.ts'
import { checkPlan, studyPlan } from '../../study/plan.ts'
import { profiles } from '../../study/profiles.ts'
import { findRecord, type StudyRecord, studyRecord } from '../../study/record.ts'
import { study } from '../../study/study.ts'
import type { InsightRecord } from './record.ts'

const folder = await mkdtemp(join(tmpdir(), 'atelier-insight-'))
afterAll(() => rm(folder, { recursive: true }))

const engine = { backend: wasm, arithmetic: 'strict', threads: 1 } as const
const dataset = await loadDataset(parseSource('silhouettes:train=300,test=100'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }

const plan = (networks: readonly string[]) =>
  checkPlan(
    studyPlan.parse({
      ...profiles.quick,
      stages: [
        {
          kind: 'networks',
          name: 'two',
          title: 'Two networks',
          runs: ['mlp-small', 'cnn-small'].map((network) => ({
            name: network,
            title: `The ${network}`,
            network,
            epochs: 3,
          })),
        },
        { kind: 'insight', name: 'look', title: 'A look', settings: { networks, images: 80 } },
      ],
    }),
  )

async function run(resume: boolean): Promise<StudyRecord> {
  const directory = join(folder, 'study')
  const request = { plan: plan(['mlp-small', 'cnn-small']), data, engine, directory, resume }
  const stream = study({ ...request, isSubstitute: false, command: 'a test' })
  let next = await stream.next()
  while (!next.done) next = await stream.next()
  return studyRecord.parse(JSON.parse(JSON.stringify(next.value.record)))
}

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('a study looks into its networks', () => {
  let record: StudyRecord
  let insight: InsightRecord
  beforeAll(async () => {
    record = await run(false)
    insight = findRecord(record, 'insight')!
  })

  test('shows an image of each class that the last network recognizes, and its worst mistakes', () => {
    const { shown, networks } = insight
    const [, cnn] = networks
    const right = shown.labels.filter((label, i) => label === cnn.answers[i].predicted)
    expect(right).toEqual([...new Set(right)].sort((a, b) => a - b))
    const { worst } = record.networks[1].test!
    expect(shown.indices.slice(right.length)).toEqual(worst.slice(0, 10).map(({ index }) => index))
    expect(cnn.answers.slice(right.length).map(({ predicted }) => predicted)).toEqual(
      worst.slice(0, 10).map(({ predicted }) => predicted),
    )
    const images = imagesOf(dataset.test, shown.indices)
    expect(shown.labels).toEqual([...images.labels])
  })

  test('says where each network looks: a map for every image, as strong as can be at its strongest', () => {
    const { shown, networks } = insight
    expect(networks.map(({ name, title, method, layer }) => [name, title, method, layer])).toEqual([
      ['mlp-small', 'The mlp-small', 'input-gradient', undefined],
      ['cnn-small', 'The cnn-small', 'grad-cam', 'conv_2d_layer_1'],
    ])
    for (const { maps } of networks) {
      const all = bytes(maps)
      expect(all).toHaveLength(784 * shown.indices.length)
      shown.indices.forEach((_, i) => {
        expect([0, 255]).toContain(Math.max(...all.subarray(784 * i, 784 * (i + 1))))
      })
    }
  })

  test('keeps the filters of the first layer as pictures', async () => {
    const [mlp, cnn] = insight.networks.map(({ filters }) => filters)
    expect(cnn).toMatchObject({ layer: 'conv_2d_layer_1', height: 3, width: 3, total: 32 })
    expect(cnn.shown).toHaveLength(32)
    expect(mlp).toMatchObject({ layer: 'hidden_layer_1', height: 28, width: 28, total: 128 })
    expect(mlp.shown).toHaveLength(32)
    const { tensors } = await readModelFile(join(folder, 'study/networks/cnn-small'))
    const kernel = tensors[0].values // [3, 3, 1, 32]
    expect(cnn.largest).toBeCloseTo(Math.max(...kernel.map(Math.abs)), 12)
    bytes(cnn.weights).forEach((byte, i) => {
      const weight = kernel[(i % 9) * 32 + Math.floor(i / 9)]
      expect((byte - 127.5) / 127.5).toBeCloseTo(weight / cnn.largest, 2)
    })
  })

  test('maps a sample of the test images, and says what every layer gave for them', () => {
    const { map, networks, sample } = insight
    expect(sample).toBe(80)
    expect(map).toMatchObject({ name: 'cnn-small', layer: 'flatten_layer', dimensions: 14 * 14 * 32 })
    for (const list of [map.indices, map.labels, map.predicted, map.pca.places, map.umap.places])
      expect(list).toHaveLength(80)
    expect(map.labels).toEqual([...imagesOf(dataset.test, map.indices).labels])
    expect(networks.map(({ layers }) => layers.map(({ name }) => name).slice(0, 2))).toEqual([
      ['input_layer', 'hidden_layer_1'],
      ['input_layer', 'conv_2d_layer_1'],
    ])
  })

  test('does not look again when it goes on, and finds the same when it does', async () => {
    const path = join(folder, 'study/stages/look.json')
    expect(findRecord(await run(true), 'insight')).toEqual(insight)
    await rm(path)
    const { seconds, ...again } = findRecord(await run(true), 'insight')!
    expect(again).toEqual({ ...insight, seconds: undefined })
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      checksum: expect.any(String),
      schemaVersion: 2,
      kind: 'insight',
      name: 'look',
      record: { ...again, seconds },
    })
  })
})

test('a look into what no earlier stage trains is refused', () => {
  expect(() => plan(['cnn-large'])).toThrow(
    'a run of an earlier stage: mlp-small, cnn-small, received "cnn-large"',
  )
})
