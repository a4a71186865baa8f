import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { key, uniforms } from '../src/base/random.ts'
import { readRun, readTest, readWeights } from '../src/runs/run.ts'
import { atelier, documentOf, workplace } from './support/cli.ts'
import { timeless } from './support/timeless.ts'

/*
 * A training is killed between any two writes, and goes on: its record is that of one that was left alone.
 * `npm run test:long` tries every place; here some are drawn.
 */

const preload = pathToFileURL(fileURLToPath(new URL('support/kill-at-write.mjs', import.meta.url))).href
const isLong = process.env.ATELIER_LONG_TESTS === '1'
const place = workplace()
const at = (...names: string[]) => join(place.path, ...names)
const training = [
  ...['train', '--model', 'mlp-small', '--data', 'silhouettes:train=200,test=40', '--epochs', '3'],
  ...['--threads', '1', '--optimizer', 'adam', '--quiet'],
] as const

const call = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  atelier(args, { cwd: place.path, env: { NODE_OPTIONS: `--import=${preload}`, ...env } })

/** All that a run's record holds, without what may differ. */
async function recordOf(directory: string) {
  const run = await readRun(directory)
  const { tensors, metadata } = await readWeights(run)
  const { name: _, ...manifest } = timeless(run.manifest) as { name: string }
  return {
    manifest,
    events: timeless(run.events),
    weights: tensors,
    fitted: [metadata.temperature, metadata.threshold],
    test: timeless((await readTest(run)) ?? null),
  }
}

let writes = 0
let whole: Awaited<ReturnType<typeof recordOf>>
beforeAll(async () => {
  documentOf(await call([...training, '--json', '--out', 'whole'], { KILL_COUNT: at('count') }))
  writes = Number(await readFile(at('count'), 'utf8'))
  whole = await recordOf(at('whole'))
})

/** The numbers of the writes before which a training is killed: 500 blows fall on each of them several times. */
const places = () =>
  isLong
    ? Array.from({ length: 500 }, (_, i) => 1 + (i % writes))
    : uniforms(key(20), 3).map((share) => 1 + Math.floor(share * writes))

describe('a training that is killed', () => {
  test('before any of its writes goes on to the record of one that was not', async () => {
    expect(writes).toBeGreaterThan(15)
    for (const number of places()) {
      const out = `cut-${number}`
      const { code } = await call([...training, '--out', out], { KILL_AT: `${number}` })
      expect(code, `before write ${number}`).toBeNull()
      const resumed = await call(['train', '--resume', out, '--threads', '1', '--quiet'])
      // Killed before there was anything to go on from, it is begun anew.
      if (resumed.code === 2) {
        expect(resumed.err).toMatch(
          /expected (a run’s manifest|the directory of a run), received nothing there/,
        )
        await rm(at(out), { recursive: true, force: true })
        expect(await call([...training, '--out', out])).toMatchObject({ code: 0 })
      } else expect(resumed).toMatchObject({ code: 0 })
      expect(await recordOf(at(out)), `killed before write ${number}`).toEqual(whole)
      await rm(at(out), { recursive: true })
    }
  }, 7_200_000)

  test('again while it goes on, still does', async () => {
    await call([...training, '--out', 'twice'], { KILL_AT: `${Math.floor(writes * 0.6)}` })
    for (const number of isLong ? [3, 4, 5, 6, 7, 8] : [4]) {
      await rm(at('again'), { recursive: true, force: true })
      await cp(at('twice'), at('again'), { recursive: true })
      const resume = ['train', '--resume', 'again', '--threads', '1', '--quiet']
      await call(resume, { KILL_AT: `${number}` })
      expect(await call(resume)).toMatchObject({ code: 0 })
      expect(await recordOf(at('again')), `killed again before write ${number}`).toEqual(whole)
    }
  }, 600_000)

  test('is resumed by one process alone', async () => {
    await call([...training, '--out', 'shared'], { KILL_AT: `${Math.floor(writes * 0.6)}` })
    const resume = ['train', '--resume', 'shared', '--threads', '1', '--quiet']
    const answers = await Promise.all([call(resume), call(resume)])
    const refused = answers.filter(({ code }) => code === 2)
    for (const { err } of refused) expect(err).toMatch(/a run that nobody is running/)
    expect(answers.filter(({ code }) => code === 0).length + refused.length).toBe(2)
    expect(await recordOf(at('shared'))).toEqual(whole)
  })
})

/** How a record that consists of several is begun, gone on with, and read. */
interface Long {
  readonly kills: number
  readonly command: (out: string, ...more: readonly string[]) => readonly string[]
  readonly read: (out: string) => Promise<unknown>
}

const plan = {
  ...{ profile: 'small', title: 'A small study', note: '', seed: 1, validation: 0.2 },
  ...{ batch: 32, learningRate: 0.01, momentum: 0.9 },
  stages: [
    {
      ...{ kind: 'networks', name: 'networks', title: 'A network' },
      runs: [{ name: 'mlp', title: 'MLP', network: 'mlp-small', epochs: 2 }],
    },
    {
      ...{ kind: 'activations', name: 'activations', title: 'Activations' },
      settings: { steps: 10, every: 5 },
    },
    {
      ...{ kind: 'search', name: 'search', title: 'A search', winner: 'Found', space: 'mlp' },
      ...{ trials: 2, epochs: 1, pruner: 'none' },
    },
  ],
}
const small = ['--data', 'silhouettes:train=200,test=40', '--quiet'] as const
const readRecord = async (...path: readonly string[]) =>
  timeless(JSON.parse(await readFile(at(...path), 'utf8')))

const longOnes: Readonly<Record<string, Long>> = {
  search: {
    kills: 200,
    command: (out, ...more) => [
      ...['tune', 'mlp', '--trials', '4', '--epochs', '2', '--pruner', 'asha:minimum=1'],
      ...[...small, '--out', out, ...more],
    ],
    read: (out) => readRecord(out, 'results.json'),
  },
  study: {
    kills: 50,
    command: (out, ...more) => ['study', 'plan.json', ...small, '--out', out, ...more],
    read: (out) => readRecord(out, 'study.json'),
  },
}

describe.skipIf(!isLong).each(Object.entries(longOnes))(
  'a %s that is killed',
  (name, { kills, command, read }) => {
    test(`before any of ${kills} writes goes on to the record of one that was not`, async () => {
      await writeFile(at('plan.json'), JSON.stringify(plan))
      expect(await call(command(name), { KILL_COUNT: at('count') })).toMatchObject({ code: 0 })
      const all = Number(await readFile(at('count'), 'utf8'))
      const expected = await read(name)
      for (let kill = 0; kill < kills; kill++) {
        const number = 1 + Math.floor((kill / kills) * all)
        const out = `${name}-cut`
        await call(command(out), { KILL_AT: `${number}` })
        expect(await call(command(out, '--resume')), `before write ${number}`).toMatchObject({ code: 0 })
        expect(await read(out), `killed before write ${number} of ${all}`).toEqual(expected)
        await rm(at(out), { recursive: true })
      }
    }, 7_200_000)
  },
)
