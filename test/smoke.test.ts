import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atelier, documentOf, workplace } from './support/cli.ts'

// The small whole: the entire road in a few seconds. `npm run test:smoke` walks it alone.
const place = workplace()
const small = ['--data', 'silhouettes:train=600,test=200']

test('data are looked at, a network is trained, evaluated and compared, a study is reported', async () => {
  const at = { cwd: place.path }

  const data = documentOf(await atelier(['data', small[1], '--json'], at))
  expect(data.shapes).toContainEqual({ split: 'train', shape: [480, 28, 28, 1] })

  const flags = ['--epochs', '5', '--json', ...small]
  const [mlp, cnn] = await Promise.all(
    ['mlp-medium', 'cnn-small'].map(async (model) =>
      documentOf<{ run: string; weightsHash: string; validation: { accuracy: number } }>(
        await atelier(['train', '--model', model, '--out', `runs/${model}`, ...flags], at),
      ),
    ),
  )
  expect(mlp.validation.accuracy).toBeGreaterThan(0.4) // a guess is right one time in ten
  expect(cnn.weightsHash).toMatch(/^[0-9a-f]{64}$/)

  const { test: tested } = documentOf<{ test: { accuracy: number } }>(
    await atelier(['evaluate', mlp.run, '--json'], at),
  )
  expect(tested.accuracy).toBeGreaterThan(0.4)

  const { runs } = documentOf<{ runs: unknown[] }>(await atelier(['compare', mlp.run, cnn.run, '--json'], at))
  expect(runs).toHaveLength(2)

  // The six networks of the shipped plan, as a plan of one's own.
  const shipped = JSON.parse((await atelier(['study', '--print-plan'], at)).out) as {
    stages: { kind: string; name: string }[]
  }
  const stages = shipped.stages.filter(({ name }) => name.endsWith('-baselines'))
  writeFileSync(join(place.path, 'plan.json'), JSON.stringify({ ...shipped, stages }))
  const tiny = ['--data', 'silhouettes:train=100,test=50']
  const study = documentOf<{ report: string; networks: { name: string }[] }>(
    await atelier(['study', 'plan.json', '--out', 'study', '--json', ...tiny], at),
  )
  expect(study.networks).toHaveLength(6)
  for (const file of ['report.html', 'report.md', 'study.json', 'networks/cnn-large/weights.safetensors']) {
    expect(existsSync(join(place.path, 'study', file)), file).toBe(true)
  }
  expect(readFileSync(join(place.path, study.report), 'utf8')).toContain('cnn-large')
})
