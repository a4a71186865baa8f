import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type RunEvent, runEvent } from '../src/record/events.ts'
import { hashWeights } from '../src/record/weights.ts'
import { readRun, readWeights } from '../src/runs/run.ts'
import { atelier, documentOf, main, workplace } from './support/cli.ts'

const place = workplace()
const source = 'silhouettes:train=600,test=200'
const train = ['train', '--model', 'mlp-small', '--data', source]
const share = { asymmetricMatch: (x: unknown) => typeof x === 'number' && x >= 0 && x <= 1 }
const hash = expect.stringMatching(/^[0-9a-f]{64}$/)
const number = expect.any(Number)
const at = (path: string) => join(place.path, path)

const eventsOf = async (run: string): Promise<RunEvent[]> =>
  (await readFile(join(run, 'events.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => runEvent.parse(JSON.parse(line)))

beforeAll(async () => {
  const answer = await atelier([...train, '--epochs', '3', '--out', at('run')])
  expect(answer).toMatchObject({ code: 0 })
})

describe('--json: standard output is exactly one document, progress is on standard error', () => {
  test('train', async () => {
    const answer = await atelier([...train, '--epochs', '2', '--seed', '7', '--out', at('json'), '--json'])
    const document = documentOf<{ history: object[] }>(answer)
    expect(document).toMatchObject({
      run: at('json'),
      status: 'finished',
      model: 'mlp-small',
      parameters: 101_770,
      backend: expect.any(String),
      arithmetic: expect.stringMatching(/^(strict|fused)$/),
      threads: number,
      seed: 7,
      epochs: 2,
      bestEpoch: 2,
      seconds: number,
      imagesPerSecond: number,
      weightsHash: hash,
      validation: { loss: number, accuracy: share },
    })
    const epoch = { loss: number, accuracy: share, valLoss: number, valAccuracy: share, seconds: number }
    expect(document.history).toEqual([
      { epoch: 1, ...epoch },
      { epoch: 2, ...epoch },
    ])
    expect(answer.err).toMatch(
      /mlp-small: 101,770 parameters, Silhouettes.*\nPictures: .*\n.*epoch .*\n +1\/2 /,
    )
  })

  test('evaluate', async () => {
    const document = documentOf<{ perClass: object[]; confusion: number[][] }>(
      await atelier(['evaluate', at('run'), '--json']),
    )
    expect(document).toMatchObject({
      run: at('run'),
      model: 'mlp-small',
      validation: { loss: number, accuracy: share },
      test: { loss: number, accuracy: share, count: 200 },
      calibration: {
        temperature: number,
        threshold: share,
        validation: { aboveThreshold: { coverage: share, accuracy: share } },
        test: {
          before: { loss: number, expectedCalibrationError: share },
          after: { loss: number, expectedCalibrationError: share },
        },
      },
    })
    expect(document.perClass).toHaveLength(10)
    expect(document.perClass[0]).toEqual({
      name: 'T-shirt/top',
      precision: share,
      recall: share,
      f1: share,
      support: 20,
    })
    expect(document.confusion.map((row) => row.reduce((a, b) => a + b))).toEqual(Array(10).fill(20))
    const [, calibrated, error, sure] = (await atelier(['evaluate', at('run')])).out.split('\n')
    expect(calibrated).toMatch(/^Calibrated on validation: temperature [\d.]+, not sure below [\d.]+\.$/)
    expect(error).toMatch(/^Calibration error \(15 bins\) [\d.]+ % → [\d.]+ %, loss [\d.]+ → [\d.]+\.$/)
    expect(sure).toMatch(/^Sure of .* % of the images, and right in .* % of those \(on validation .*\)\.$/)
  })

  test('evaluate a weights file, which is calibrated where its run was', async () => {
    const told = async (path: string) =>
      documentOf<{ calibration: { temperature: number; test: object } }>(
        await atelier(['evaluate', path, '--json']),
      ).calibration
    const [run, file] = [await told(at('run')), await told(at('run/weights.safetensors'))]
    expect(file).toEqual({ temperature: run.temperature, threshold: share, test: run.test })
  })

  test('train with several seeds: a run each, and the mean with its interval', async () => {
    const line = ['train', '--model', 'mlp-small', '--data', source, '--epochs', '1', '--seeds', '4, 5']
    const document = documentOf<{ runs: object[] }>(await atelier([...line, '--out', at('many'), '--json']))
    expect(document).toMatchObject({
      runs: [
        { run: at('many-seed-4'), seed: 4, weightsHash: hash },
        { run: at('many-seed-5'), seed: 5, weightsHash: hash },
      ],
      validationAccuracy: { count: 2, mean: share, standardDeviation: number, ci95HalfWidth: number },
    })
    const { command } = JSON.parse(await readFile(at('many-seed-5/manifest.json'), 'utf8'))
    expect(command).toMatch(/ --seed 5 --out \S*many-seed-5 --json$/)
  })

  test('compare', async () => {
    await atelier([...train, '--epochs', '2', '--batch', '64', '--out', at('other')])
    await atelier(['evaluate', at('run')])
    const document = documentOf<{ runs: object[]; remarks: string[] }>(
      await atelier(['compare', at('run'), at('other'), '--json']),
    )
    expect(document.runs[0]).toMatchObject({
      run: at('run'),
      model: 'mlp-small',
      parameters: 101_770,
      epochs: 3,
      weightsHash: hash,
      validation: { loss: number, accuracy: share },
      test: { loss: number, accuracy: share, ci95: [share, share] },
    })
    expect(document.runs[1]).toMatchObject({ test: null })
    expect(document).toMatchObject({
      differences: [
        { setting: 'epochs', values: ['3', '2'] },
        { setting: 'batch', values: ['32', '64'] },
      ],
    })
    expect(document).toMatchObject({ comparison: null })
    expect(document.remarks.join(' ')).toMatch(/Not evaluated on the test split: .*other/)
    await atelier(['evaluate', at('other')])
    const { comparison } = documentOf<{ comparison: object }>(
      await atelier(['compare', at('run'), at('other'), '--json']),
    )
    expect(comparison).toMatchObject({
      count: 200,
      classifiers: [{ name: at('run') }, { name: at('other') }],
      pairs: [{ a: at('run'), b: at('other'), pValue: share, adjustedPValue: share }],
    })
  })

  test('data', async () => {
    const document = documentOf<{ classes: object[] }>(await atelier(['data', source, '--json']))
    expect(document).toMatchObject({
      source,
      title: 'Silhouettes',
      hash,
      splitHash: hash,
      shapes: [
        { split: 'train', shape: [480, 28, 28, 1] },
        { split: 'validation', shape: [120, 28, 28, 1] },
        { split: 'test', shape: [200, 28, 28, 1] },
      ],
      range: { min: number, max: number, mean: number, std: number },
      balance: { verdict: expect.any(String) },
      duplicates: { groups: 0, images: 0 },
      figures: [],
    })
    expect(document.classes[9]).toMatchObject({ name: 'Ankle boot', train: 48, validation: 12, test: 20 })
  })

  test('data --audit, whose files hold all that was found', async () => {
    const answer = await atelier([
      ...['data', source, '--audit', '--network', 'mlp-small', '--epochs', '1', '--folds', '2'],
      ...['--out', at('audit'), '--json'],
    ])
    const { audit, figures } = documentOf<{ audit: Record<string, object>; figures: string[] }>(answer)
    expect(audit).toMatchObject({
      settings: { threshold: 10, labels: { network: 'mlp-small', folds: 2, epochs: 1 } },
      duplicates: { counts: expect.any(Array), pairs: expect.any(Array), nearest: expect.any(Array) },
      labels: { parts: [{ part: 'training', images: 600 }, { part: 'test' }], suspects: expect.any(Array) },
    })
    expect(answer.err).toMatch(/fold 1 of 2, 1 epoch\n[\s\S]*without the suspects, 1 epoch\n/)
    const names = figures.map((path) => path.slice(at('audit').length + 1))
    expect(names).toEqual(expect.arrayContaining(['audit.json', 'audit.html', 'audit.md']))
    for (const path of figures) expect(existsSync(path)).toBe(true)
    const kept = JSON.parse(await readFile(at('audit/audit.json'), 'utf8'))
    expect(kept).toMatchObject({ ...audit, dataHash: hash })
    expect(await readFile(at('audit/audit.html'), 'utf8')).toContain('The data, audited')
  })

  test('summary, of one network and of all', async () => {
    const one = documentOf<{ rows: object[] }>(await atelier(['summary', 'cnn-small', '--json']))
    expect(one).toMatchObject({ name: 'cnn-small', total: 63_050, model: { output: 'output_layer' } })
    expect(one.rows).toHaveLength(5)
    expect(documentOf<object[]>(await atelier(['summary', '--json']))).toHaveLength(8)
  })

  test('doctor', async () => {
    expect(documentOf(await atelier(['doctor', '--json']))).toMatchObject({
      environment: { node: process.version, cpu: expect.any(String), cores: number },
      backend: expect.any(String),
      variant: expect.any(String),
      arithmetic: expect.any(String),
      threads: number,
      data: expect.any(Array),
    })
  })
})

describe('how a command speaks', () => {
  test('a result goes to standard output, everything else to standard error', async () => {
    const answer = await atelier([...train, '--epochs', '2', '--out', at('spoken')])
    expect(answer.out).toMatch(
      /^Best epoch 2: val\. loss .*\nRecorded in .*spoken\. Next: atelier evaluate .*\n$/,
    )
    const [, pictures, head] = answer.err.split('\n')
    expect(pictures).toMatch(/^Pictures: 28×28 gray .*: one item, cut out/)
    expect(head).toMatch(/^epoch +loss +accuracy +val\. loss +val\. accuracy +time +best$/)
  })

  test('a failure under --json is a document too', async () => {
    const { code, out, err } = await atelier(['train', '--model', 'nothing-like-it', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({
      error: { at: 'model', expected: expect.stringContaining('mlp-small'), received: '"nothing-like-it"' },
    })
    expect(err).toMatch(/^atelier: model: expected one of /)
  })

  test('a training goes on to its end when nobody reads its remarks any more', async () => {
    const { PATH = '' } = process.env
    const args = [main, ...train, '--epochs', '3', '--out', at('unheard')]
    const child = spawn(process.execPath, args, {
      env: { PATH, HOME: place.path },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.resume()
    child.stderr.destroy()
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect((await eventsOf(at('unheard'))).at(-1)).toMatchObject({ type: 'finished', epochs: 3 })
  })

  test('--quiet leaves the result alone', async () => {
    const answer = await atelier([...train, '--epochs', '2', '--quiet', '--out', at('quiet')])
    expect(answer).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Best epoch/) })
  })

  test('no escape sequence goes where no terminal is', async () => {
    const lines = [
      ['summary', 'mlp-small'],
      ['data', source],
      ['evaluate', at('run')],
      ['doctor'],
      ['--help'],
    ]
    for (const { out, err } of await Promise.all(lines.map((line) => atelier(line)))) {
      expect(out + err).not.toContain('\x1b')
      expect(out).not.toBe('')
    }
  })

  test('a reader that has seen enough ends it without a complaint', async () => {
    const { execFileSync } = await import('node:child_process')
    const line = `"${process.execPath}" "${main}" summary cnn-large 2>&1 | head -n 1`
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe('Model: "cnn-large"\n')
  })

  test('--version, --help, help and nothing at all', async () => {
    expect(await atelier(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n', err: '' })
    for (const line of [[], ['--help'], ['help']]) {
      expect(await atelier(line)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/study .*\n.*data /),
        err: '',
      })
    }
    expect((await atelier(['help', 'train'])).out).toContain('--early-stopping <patience>')
  })

  test('help loads nothing but what it says', async () => {
    // Every module that is loaded before a command is chosen, from the built files.
    const seen = new Set<string>()
    const visit = async (url: URL): Promise<void> => {
      if (seen.has(url.href)) return
      seen.add(url.href)
      const text = await readFile(url, 'utf8')
      for (const [, from, bare] of text.matchAll(
        /^(?:import|export) [^;]*?from '(.+?)';|^import '(.+?)';/gm,
      )) {
        const to = from ?? bare
        if (to.startsWith('.')) await visit(new URL(to, url))
        else seen.add(to)
      }
    }
    await visit(new URL('../dist/cli/main.js', import.meta.url))
    const packages = [...seen].filter((name) => !name.startsWith('file:') && !name.startsWith('node:'))
    expect(packages).toEqual(['commander'])
    const floors = [...seen].flatMap((name) => /\/dist\/(\w+)\//.exec(name)?.[1] ?? [])
    expect(new Set(floors)).toEqual(new Set(['cli', 'base', 'recipe', 'model']))
  })
})

/** Trains, and sends a signal once the fifth epoch has been told. */
const cut = (signal: NodeJS.Signals, epochs: number, ...flags: string[]) => {
  let sent = false
  return atelier([...train, '--epochs', `${epochs}`, ...flags], {
    onNote(child, err) {
      if (!sent && err.includes(` 5/${epochs}`)) sent = child.kill(signal)
    },
  })
}

describe('Ctrl-C', () => {
  test('ends the run after its step, with the record intact, and says how to go on', async () => {
    const answer = await cut('SIGINT', 100_000, '--out', at('cut'))
    expect(answer).toMatchObject({
      code: 130,
      out: `Interrupted; the best weights so far are kept. Resume with: atelier train --resume ${at('cut')}\n`,
    })
    const events = await eventsOf(at('cut'))
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'interrupted' })
    const { manifest, warnings } = await readRun(at('cut'))
    expect({ model: manifest.model.name, warnings }).toEqual({ model: 'mlp-small', warnings: [] })
    expect((await readWeights(await readRun(at('cut')))).tensors).toHaveLength(4)
    expect(await atelier(['evaluate', at('cut')])).toMatchObject({ code: 0 })
  })

  test('with --json still writes its document', async () => {
    const document = documentOf(await cut('SIGINT', 100_000, '--out', at('cut-json'), '--json'), 130)
    expect(document).toMatchObject({ status: 'interrupted', weightsHash: null, stopped: expect.any(String) })
  })

  test('ends a study with a report of the networks that are done', async () => {
    let pressed = false
    const answer = await atelier(['study', '--data', source, '--out', at('cut-study'), '--json'], {
      onNote(child, err) {
        if (!pressed && err.includes('mlp-medium')) pressed = child.kill('SIGINT')
      },
    })
    const document = documentOf<{ networks: { name: string }[] }>(answer, 130)
    expect(document).toMatchObject({ status: 'interrupted', report: at('cut-study/report.html') })
    expect(document.networks.map(({ name }) => name)).toEqual(['mlp-small'])
    expect(existsSync(at('cut-study/report.html'))).toBe(true)
  })
})

test('a run that was killed goes on and ends in the weights of one that was not', async () => {
  expect(await cut('SIGKILL', 100, '--out', at('killed'))).toMatchObject({ code: null })
  const [resumed, whole] = await Promise.all([
    atelier(['train', '--resume', at('killed'), '--json']),
    atelier([...train, '--epochs', '100', '--out', at('unharmed'), '--json']),
  ])
  const { weightsHash, epochs } = documentOf(resumed)
  expect({ weightsHash, epochs }).toEqual({ weightsHash: documentOf(whole).weightsHash, epochs: 100 })
})

describe('a run that diverges', () => {
  test('fails with the epoch and the step, keeps no weights, and its record says so', async () => {
    const answer = await atelier([...train, '--learning-rate', '1e30', '--out', at('wild'), '--quiet'])
    expect(answer).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^atelier: The loss became NaN in epoch 1, step \d+\. Try a smaller learning rate.*\n$/,
      ),
    })
    expect((await eventsOf(at('wild'))).at(-1)).toMatchObject({
      type: 'failed',
      reason: 'diverged',
      epoch: 1,
    })
    expect(existsSync(at('wild/weights.safetensors'))).toBe(false)
    expect(await atelier(['evaluate', at('wild')])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/weights\.safetensors: expected a run’s weights.*unless it fails/),
    })
  })
})

describe('the record', () => {
  test('holds the weights whose hash it names, and the line that repeats it', async () => {
    const { manifest, events } = await readRun(at('run'))
    const finished = events.find((event) => event.type === 'finished')
    expect(hashWeights((await readWeights(await readRun(at('run')))).tensors)).toBe(finished?.weightsHash)
    expect(manifest.command).toBe(`atelier ${[...train, '--epochs', '3', '--out', at('run')].join(' ')}`)
  })

  test('two runs without --out at the same moment get names of their own', async () => {
    const runs = await Promise.all(
      [1, 2, 3].map(() => atelier([...train, '--epochs', '1', '--json'], { cwd: place.path })),
    )
    const names = runs.map((answer) => documentOf<{ run: string }>(answer).run)
    expect(new Set(names).size).toBe(3)
    expect(names[0]).toMatch(/^runs\/mlp-small-silhouettes-\d{8}-\d{6}-\d{3}$/)
  })
})
