import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { checkPlan, studyPlan } from '../study/plan.ts'
import { profiles } from '../study/profiles.ts'
import { type StudyRecord, studyRecord } from '../study/record.ts'
import { study } from '../study/study.ts'

const folder = await mkdtemp(join(tmpdir(), 'atelier-seeds-'))
afterAll(() => rm(folder, { recursive: true }))

const dataset = await loadDataset(parseSource('silhouettes:train=200,test=100'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }

/** Two small networks, the first with the seeds that are wished for. */
const planOf = (seeds?: number[]) =>
  checkPlan(
    studyPlan.parse({
      ...profiles.quick,
      stages: [
        {
          kind: 'networks',
          name: 'two',
          title: 'Two networks',
          runs: ['mlp-small', 'mlp-medium'].map((network, i) => ({
            name: network,
            title: network,
            network,
            epochs: 3,
            ...(i === 0 && seeds !== undefined ? { seeds } : {}),
          })),
        },
      ],
    }),
  )

async function run(plan: ReturnType<typeof planOf>, resume: boolean): Promise<StudyRecord> {
  const directory = join(folder, 'study')
  const engine = chooseBackend({ threads: 1 })
  const stream = study({ plan, data, isSubstitute: false, engine, directory, resume, command: 'a test' })
  for (;;) {
    const next = await stream.next()
    if (next.done) return studyRecord.parse(JSON.parse(JSON.stringify(next.value.record)))
  }
}

test('a study may be given more seeds: what it has trained stays, the new runs lie beside it', async () => {
  const once = await run(planOf(), false)
  expect(once.networks[0].seeds).toBeUndefined()
  const at = (path: string) => join(folder, 'study', path)
  const written = async () => (await stat(at('networks/mlp-small/weights.safetensors'))).mtimeMs
  const before = await written()

  const { networks, comparison } = await run(planOf([1, 2, 3]), true)
  expect(await written()).toBe(before)
  const [small, medium] = networks
  expect(small.seeds?.map(({ seed, run }) => [seed, run])).toEqual([
    [1, 'networks/mlp-small'],
    [2, 'networks/mlp-small-seed-2'],
    [3, 'networks/mlp-small-seed-3'],
  ])
  expect(small.seeds?.[0]).toMatchObject({ weightsHash: once.networks[0].weightsHash })
  expect(new Set(small.seeds?.map(({ weightsHash }) => weightsHash)).size).toBe(3)
  expect(small.test).toEqual(once.networks[0].test)
  expect(medium.seeds).toBeUndefined()
  expect(comparison).toMatchObject({
    count: 100,
    classifiers: [{ name: 'mlp-small', overSeeds: { count: 3 } }, { name: 'mlp-medium' }],
    pairs: [
      {
        a: 'mlp-small',
        b: 'mlp-medium',
        difference: expect.closeTo(small.test!.accuracy - medium.test!.accuracy, 12),
      },
    ],
  })

  await expect(run(planOf([2, 1]), true)).rejects.toThrow('the stage "two" as it was begun')
})

test('a stage that was left out for a while comes back as it was, or not at all', async () => {
  const [two] = planOf().stages
  const other = {
    ...two,
    name: 'other',
    runs: two.kind === 'networks' ? [{ ...two.runs[0], name: 'o' }] : [],
  }
  const only = (stage: object) => checkPlan(studyPlan.parse({ ...planOf(), stages: [stage] }))
  await run(only(other), true)
  await run(only({ ...other, name: 'third', runs: [{ ...other.runs[0], name: 'p' }] }), true)
  await expect(run(planOf([2, 1]), true)).rejects.toThrow('the stage "two" as it was begun')
  await run(planOf(), true)
})

test('a setting that is undefined is one that is not there', async () => {
  const { stages, ...rest } = planOf()
  const undefinedAim = stages.map((stage) =>
    stage.kind === 'networks'
      ? { ...stage, runs: stage.runs.map((run) => ({ ...run, aim: undefined })) }
      : stage,
  )
  await run({ ...rest, stages: undefinedAim }, true)
})
