import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { key, uniforms } from '../src/base/random.ts'
import { atelier, expectRefusal, main, workplace } from './support/cli.ts'

// A whole study that is killed goes on; what is in its record is not done again.
const place = workplace()
const data = ['--data', 'silhouettes:train=600,test=100']

/** Ten kills need a longer study than three. */
const isLong = process.env.ATELIER_LONG_TESTS === '1'
const length = isLong ? 6 : 1

/** Every kind of stage, small. */
const plan = {
  profile: 'small',
  title: 'A small study',
  note: 'Everything is short.',
  seed: 1,
  validation: 0.2,
  batch: 32,
  learningRate: 0.01,
  momentum: 0.9,
  stages: [
    {
      kind: 'lab',
      name: 'lab',
      title: 'The lab',
      settings: { initialization: { epochs: 3 }, activations: { steps: 40 * length, every: 10 } },
    },
    {
      kind: 'networks',
      name: 'networks',
      title: 'Two networks',
      runs: [
        { name: 'mlp', title: 'MLP', network: 'mlp-small', epochs: 8 * length },
        {
          name: 'cnn',
          title: 'CNN by a recipe',
          network: 'cnn-small',
          epochs: 4 * length,
          recipe: { schedule: { kind: 'cosine' }, averaging: 0.9, augmentation: { flip: true } },
        },
      ],
    },
    {
      kind: 'search',
      name: 'search',
      title: 'A search',
      winner: 'Found by search',
      space: 'mlp',
      trials: 3 * length,
      epochs: 3,
      pruner: 'asha',
    },
    {
      kind: 'doubled-softmax',
      name: 'twice',
      title: 'Softmax twice',
      settings: { networks: [{ network: 'mlp-small', title: 'MLP' }], epochs: 3 * length },
    },
  ],
}

const write = (name: string, content: unknown) => {
  writeFileSync(join(place.path, name), JSON.stringify(content))
  return name
}
const study = (file: string, out: string, ...flags: readonly string[]) => [
  'study',
  file,
  ...data,
  ...['--out', out, '--quiet', ...flags],
]
const run = (args: readonly string[]) => atelier(args, { cwd: place.path })

/** What a study says that does not depend on the clock or on how it was called. */
const told = (out: string) =>
  JSON.parse(readFileSync(join(place.path, out, 'study.json'), 'utf8'), (name, value) =>
    /seconds|perSecond|^(createdAt|command|start|end|time|at|environment|timeline|duration|worker|startedAt|endedAt|finishedAt|checksum)$/i.test(
      name,
    )
      ? null
      : value,
  )

beforeAll(async () => {
  write('plan.json', plan)
  expect(await run(study('plan.json', 'whole'))).toMatchObject({ code: 0 })
}, 300_000)

describe('a study', () => {
  test('that is run twice tells the same', async () => {
    expect(await run(study('plan.json', 'again'))).toMatchObject({ code: 0 })
    expect(told('again')).toEqual(told('whole'))
  }, 300_000)

  test('that is killed again and again, and resumed, tells the same as one that was left alone', async () => {
    const kills = isLong ? 10 : 3
    const chance = uniforms(key(7), kills)
    for (const share of chance) {
      const args = study('plan.json', 'cut', '--resume')
      const child = spawn(process.execPath, [main, ...args], {
        cwd: place.path,
        detached: true,
        stdio: 'ignore',
      })
      const ended = new Promise((resolve) => child.on('exit', resolve))
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 300 + 1500 * share)), ended])
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // it had come to its end before the blow
      }
      await ended
    }
    expect(await run(study('plan.json', 'cut', '--resume'))).toMatchObject({ code: 0 })
    expect(told('cut')).toEqual(told('whole'))
  }, 600_000)

  test('takes further stages, and does not run again what it has', async () => {
    const manifest = join(place.path, 'whole/networks/mlp/manifest.json')
    const before = readFileSync(manifest, 'utf8')
    const more = {
      kind: 'networks',
      name: 'more',
      title: 'One more',
      runs: [{ ...plan.stages[1].runs![0], name: 'third' }],
    }
    write('longer.json', { ...plan, note: 'Longer.', stages: [...plan.stages, more] })
    expect(await run(study('longer.json', 'whole', '--resume'))).toMatchObject({ code: 0 })
    expect(told('whole').networks).toHaveLength(4)
    expect(readFileSync(manifest, 'utf8')).toBe(before)
  }, 300_000)

  test('does not go on as another one', async () => {
    write('other-seed.json', { ...plan, seed: 2 })
    expectRefusal(
      await run(study('other-seed.json', 'again', '--resume')),
      /again: expected a study of the same/,
    )
    const [first, ...rest] = plan.stages
    write('other-stage.json', {
      ...plan,
      stages: [{ ...first, title: 'Another', settings: { initialization: { epochs: 2 } } }, ...rest],
    })
    expectRefusal(
      await run(study('other-stage.json', 'again', '--resume')),
      /the stage "lab" as it was begun/,
    )
  })
})
