import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { key, uniforms } from '../src/base/random.ts'
import { conclusion } from '../src/search/conclusion.ts'
import { searchRecord } from '../src/search/record.ts'
import { applyLogs } from '../src/tuning/fixtures/optuna.ts'
import { atelier, documentOf, expectRefusal, main, workplace } from './support/cli.ts'

const place = workplace()

const small = {
  batch: [16, 32],
  learningRate: { logRange: [0.001, 0.05] },
  first: [8, 16, 32],
  second: { oneOf: [8, 16], when: { depth: 2 } },
  depth: [1, 2],
}
const data = 'silhouettes:train=300,test=60'

beforeAll(() => {
  writeFileSync(
    join(place.path, 'small.json'),
    JSON.stringify({ parameters: small, constraints: [{ lessOrEqual: ['second', 'first'] }] }),
  )
})

const tune = (...args: string[]) =>
  atelier(['tune', 'small.json', '--data', data, ...args], { cwd: place.path })
const record = async (directory: string) =>
  searchRecord.parse(JSON.parse(await readFile(join(place.path, directory, 'results.json'), 'utf8')))

/** What must not depend on workers, kills or time. */
const told = (found: Awaited<ReturnType<typeof record>>) => ({
  best: found.best && { ...found.best },
  trials: found.trials.map(({ startedAt, endedAt, seconds, worker, ...rest }) => rest),
})

describe('atelier tune', () => {
  test('searches, writes tables and figures, and names the best trial', async () => {
    const answer = await tune('--trials', '6', '--epochs', '3', '--json', '--out', 'first')
    const document = documentOf<Record<string, unknown> & { trials: Record<string, unknown>[] }>(answer)
    expect(document).toMatchObject({
      directory: 'first',
      sampler: 'random',
      pruner: 'none',
      metric: 'val-accuracy',
      counts: { trials: 6, complete: 6, pruned: 0, failed: 0, unfinished: 0 },
      best: { trial: expect.any(Number), trialsToBest: expect.any(Number), test: { count: 60 } },
    })
    expect(document.trials).toHaveLength(6)
    const [head, ...rows] = readFileSync(join(place.path, 'first/results.csv'), 'utf8').trim().split('\r\n')
    expect(head).toBe(
      'trial,batch,learningRate,first,second,depth,loss,acc,val_loss,val_acc,round_epochs,start,end,duration,state,value,weights_hash',
    )
    expect(rows).toHaveLength(6)
    const page = readFileSync(join(place.path, 'first/search.md'), 'utf8')
    for (const [, path] of page.matchAll(/\]\((figures\/[^)]+)\)/g)) {
      const svg = readFileSync(join(place.path, 'first', path), 'utf8')
      expect(svg).toMatch(/^<svg/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    }
    expect(page.match(/figures\//g)?.length).toBeGreaterThanOrEqual(8)
    const [study] = applyLogs(readFileSync(join(place.path, 'first/journal.log'), 'utf8'))
    expect(study.directions).toEqual(['MAXIMIZE'])
    expect(study.trials.map(({ state }) => state)).toEqual(new Array(6).fill('COMPLETE'))
    const found = await record('first')
    expect(study.trials.map(({ values }) => values?.[0])).toEqual(found.trials.map(({ value }) => value))
    expect(Object.values(study.trials[0].intermediate_values)).toEqual(found.trials[0].values)
  })
  test('one worker or two: the same trials, the same weights, the same winner, with TPE and ASHA too', async () => {
    const flags = [
      '--trials',
      '16',
      '--epochs',
      '4',
      '--sampler',
      'tpe',
      '--pruner',
      'asha:minimum=1',
      '--seed',
      '3',
      '--quiet',
    ]
    await tune(...flags, '--workers', '1', '--out', 'one')
    await tune(...flags, '--workers', '2', '--out', 'two')
    const [one, two] = [await record('one'), await record('two')]
    expect(told(two)).toEqual(told(one))
    expect(one.counts.pruned).toBeGreaterThan(0)
  })
  test('several seeds a point give a mean, an interval, and a word on the winner', async () => {
    await tune('--trials', '3', '--epochs', '2', '--repeats', '3', '--quiet', '--out', 'repeats')
    const found = await record('repeats')
    const { trials, best } = found
    for (const { repeats, value } of trials) {
      expect(repeats).toHaveLength(3)
      expect(value).toBeCloseTo((repeats as number[]).reduce((a, b) => a + b, 0) / 3, 12)
    }
    expect(best?.ci95HalfWidth).toBeGreaterThanOrEqual(0)
    expect(conclusion(found)).toMatch(/over 3 seeds/i)
    expect(existsSync(join(place.path, 'repeats/trials/0000/seed-3/weights.safetensors'))).toBe(true)
  })
  test('the best point can be trained again with another seed', async () => {
    await tune('--trials', '2', '--epochs', '2', '--retrain', '--quiet', '--out', 'again')
    const { best } = await record('again')
    expect(best?.retrained?.test.count).toBe(60)
    expect(existsSync(join(place.path, 'again', best!.retrained!.run, 'weights.safetensors'))).toBe(true)
  })
  test('one that runs out of time leaves the test images sealed, for it may go on', async () => {
    const { out } = await tune('--trials', '500', '--epochs', '50', '--time-limit', '1s', '--out', 'timed')
    const { stopReason, best } = await record('timed')
    expect(stopReason).toBe('time')
    expect(best?.test).toBeUndefined()
    expect(out).toMatch(/To resume: the same command with --resume --out timed/)
  })
  test('the guide’s example is the file that runs', async () => {
    const file = fileURLToPath(new URL('../examples/search-space.ts', import.meta.url))
    expect(readFileSync(new URL('../docs/search.md', import.meta.url), 'utf8')).toContain(
      readFileSync(file, 'utf8').trim(),
    )
    const answer = await atelier(
      ['tune', file, '--data', data, '--epochs', '1', '--trials', '2', '--json', '--out', 'wide'],
      {
        cwd: place.path,
      },
    )
    expect(documentOf(answer)).toMatchObject({ counts: { complete: 2 } })
  })
  test('a .ts space brings predicates and a function that builds networks', async () => {
    writeFileSync(
      join(place.path, 'mine.ts'),
      `import type { } from 'node:fs'
       interface Point { readonly width: number; readonly rate: number }
       export default {
         space: {
           name: 'mine',
           parameters: { width: { kind: 'oneOf', values: [4, 8, 12] }, rate: { kind: 'oneOf', values: [0.1, 0.01] } },
           constraints: [(point: Point): boolean => point.width * point.rate < 1],
         },
         build: (point: Point, sizes: { classes: number; imageShape: number[] }) => ({
           batch: 32,
           optimizer: { kind: 'sgd', learningRate: point.rate },
           model: {
             name: 'mine',
             output: 'out',
             nodes: [
               { name: 'in', kind: 'input', inputs: [], options: { shape: [sizes.imageShape.reduce((a, b) => a * b, 1)] } },
               { name: 'h', kind: 'dense', inputs: ['in'], options: { units: point.width, activation: 'relu' } },
               { name: 'out', kind: 'dense', inputs: ['h'], options: { units: sizes.classes, activation: 'softmax' } },
             ],
           },
         }),
       }`,
    )
    const answer = await atelier(
      ['tune', 'mine.ts', '--data', data, '--epochs', '2', '--sampler', 'grid', '--json'],
      {
        cwd: place.path,
      },
    )
    expect(documentOf(answer)).toMatchObject({
      directory: 'runs/search-mine',
      counts: { trials: 5, complete: 5 },
    })
  })
})

describe('a function that builds networks and throws', () => {
  const space = (name: string, condition: string) => `
    import { defineSearch, defineSpace, dense, flatten, input, model } from ${JSON.stringify(join(main, '../../index.js'))}
    export default defineSearch({
      space: defineSpace({ name: '${name}', parameters: { width: [4, 8, 12] } }),
      build({ width }, { imageShape, classes }) {
        if (${condition}) throw null
        const inputs = input([...imageShape])
        return { model: model({ inputs, outputs: dense({ units: classes })(dense({ units: width })(flatten()(inputs))) }) }
      },
    })`
  test('at one point costs that trial, and is said before', async () => {
    writeFileSync(join(place.path, 'some.ts'), space('some', 'width === 8'))
    const line = ['tune', 'some.ts', '--data', data, '--epochs', '1', '--sampler', 'grid', '--json']
    const answer = await atelier(line, { cwd: place.path })
    expect(documentOf(answer)).toMatchObject({ counts: { trials: 3, complete: 2, failed: 1 } })
    expect(answer.err).toMatch(/of 12 random points cannot be built, and their like cost a trial each: null/)
  })
  test('at every point is refused', async () => {
    writeFileSync(join(place.path, 'none.ts'), space('none', 'width > 0'))
    const answer = await atelier(['tune', 'none.ts', '--data', data], { cwd: place.path })
    expect(answer).toMatchObject({ code: 2 })
    expect(answer.err).toMatch(/expected networks that can be built, received none of 12 random points: null/)
  })
})

describe('wrong input', () => {
  const spaces: Record<string, unknown> = {
    empty: { first: [] },
    unknown: { first: [8], wdth: [8] },
    nothing: { parameters: { first: [8, 16] }, constraints: [{ less: ['first', 4] }] },
    values: { first: [8], dropout: [1.5] },
  }
  beforeAll(() => {
    for (const [name, space] of Object.entries(spaces))
      writeFileSync(join(place.path, `${name}.json`), JSON.stringify(space))
    writeFileSync(join(place.path, 'torn.json'), '{"first": [8')
    writeFileSync(join(place.path, 'broken.ts'), 'export default 3')
  })
  test.each([
    ['empty.json', [], /space empty: first: expected at least one value, received an empty list/],
    ['unknown.json', [], /space unknown: expected parameters of mlp: .*received "wdth"/],
    ['nothing.json', [], /constraints: .*none of 2 points.*exclude everything/],
    ['values.json', [], /dropout: expected a number from 0 and below 1, received 1.5/],
    ['torn.json', [], /torn\.json: expected JSON/],
    ['broken.ts', [], /broken\.ts: expected a default export from defineSpace or defineSearch/],
    ['missing.json', [], /missing\.json: expected a space as a JSON file, received/],
    ['cnm', [], /space: expected mlp, cnn, or a \.json or \.ts file, received "cnm"/],
    ['small.json', ['--fraction', '0'], /--fraction: expected a number above 0/],
    [
      'small.json',
      ['--fraction', '1.5'],
      /--fraction: expected a number above 0 and up to 1, received "1\.5"/,
    ],
    ['small.json', ['--fraction', '0.5'], /--fraction: expected a space whose points can be counted/],
    ['mlp', ['--fraction', '0.001'], /--fraction: expected at least one of 324 points/],
    ['mlp', ['--fraction', '0.1', '--trials', '3'], /expected --trials or --fraction, received both/],
    ['small.json', ['--sampler', 'grid'], /--sampler grid: expected .*learningRate/],
    ['small.json', ['--sampler', 'genetic'], /--sampler: expected one of/],
    ['small.json', ['--pruner', 'asha:eta=4'], /--pruner asha: expected minimum, factor/],
    [
      'small.json',
      ['--target', 'accuracy=0.9'],
      /--target: expected a value of what is searched: val-accuracy=NUMBER/,
    ],
    ['small.json', ['--time-limit', 'soon'], /--time-limit: expected a time such as 90s/],
    ['small.json', ['--workers', '0'], /--workers: expected/],
    ['small.json', ['--resume', '--out', 'empty-dir'], /journal/],
  ])('%s %j exits with 2 and writes nothing', async (space, flags, message) => {
    const out = flags.includes('--out') ? [] : ['--out', 'never']
    if (out.length === 0)
      await cp(join(place.path, 'small.json'), join(place.path, 'empty-dir/small.json'), { recursive: true })
    expectRefusal(
      await atelier(['tune', space, '--data', data, '--quiet', ...flags, ...out], { cwd: place.path }),
      message,
    )
    expect(existsSync(join(place.path, 'never'))).toBe(false)
  })

  describe('a journal', () => {
    const flags = ['--trials', '3', '--epochs', '1', '--quiet', '--out', 'kept']
    let journal = ''
    let before: Buffer
    beforeAll(async () => {
      await tune(...flags)
      journal = join(place.path, 'kept/journal.log')
      before = readFileSync(journal)
    })
    const refused = async (args: string[], message: RegExp, space = 'small.json') => {
      const content = readFileSync(journal)
      expectRefusal(
        await atelier(['tune', space, '--data', data, ...flags, ...args], { cwd: place.path }),
        message,
      )
      expect(readFileSync(journal).equals(content)).toBe(true)
    }
    test('is not written over', () => refused([], /expected a directory that does not exist yet.*--resume/))
    test('of another space is refused', () =>
      refused(
        ['--resume'],
        /journal\.log: expected the journal of a search in this space, mlp, received one of another space, small/,
        'mlp',
      ))
    test.each([
      ['--epochs', '2', /epochs: expected 1, as when the search was started, received 2/],
      ['--seed', '2', /seed: expected 1/],
      ['--sampler', 'sobol', /sampler: expected random/],
      ['--pruner', 'median', /pruner: expected/],
      ['--metric', 'val-loss', /metric: expected val-accuracy/],
    ])('of other settings is refused: %s %s', (flag, value, message) =>
      refused(['--resume', flag, value], message),
    )
    test('on other data is refused', () =>
      refused(['--resume', '--data', 'silhouettes:train=320,test=60'], /data: expected/))
    test('that is foreign or damaged is refused', async () => {
      const checksums = readFileSync(`${journal}.checksums`)
      try {
        rmSync(`${journal}.checksums`) // another program's has none
        for (const [content, message] of [
          [
            '{"op_code":0,"worker_id":"w","study_name":"theirs","directions":[1]}\n',
            /another program's study "theirs"/,
          ],
          ['not a journal\n', /line 1: .*no JSON/],
          [before.subarray(0, 200).toString().replace('\n', 'x\n'), /journal/],
          ['', /an empty one/],
        ] as const) {
          writeFileSync(journal, content)
          await refused(['--resume'], message)
        }
      } finally {
        writeFileSync(journal, before)
        writeFileSync(`${journal}.checksums`, checksums)
      }
    })
    test('with a torn last line goes on, with a warning, to the same end', async () => {
      const whole = await record('kept')
      // As a kill leaves it: a line that has no end, and no word that its writer has left.
      writeFileSync(journal, before.subarray(0, before.length - 60))
      const checksums = readFileSync(`${journal}.checksums`, 'utf8')
      writeFileSync(`${journal}.checksums`, checksums.replace(/[^\n]*\n$/, ''))
      const { code, err } = await tune(...flags, '--resume')
      expect({ code, err }).toMatchObject({
        code: 0,
        err: expect.stringMatching(/Warning: .*the last line is torn/),
      })
      expect(told(await record('kept'))).toEqual(told(whole))
    })
    test('of a finished search says the same again, and more trials can be added', async () => {
      const whole = await record('kept')
      expect((await tune(...flags, '--resume')).code).toBe(0)
      expect(told(await record('kept'))).toEqual(told(whole))
      expect((await tune(...flags.with(1, '5'), '--resume')).code).toBe(0)
      const more = await record('kept')
      expect(more.trials).toHaveLength(5)
      expect(told(more).trials.slice(0, 3)).toEqual(told(whole).trials)
    })
  })
})

/** A search that computes for some seconds, so that it can be disturbed. */
const long = (directory: string, trials: number) => [
  'tune',
  'small.json',
  '--data',
  'silhouettes:train=2000,test=60',
  ...['--trials', `${trials}`, '--epochs', '16', '--early-stopping', '0', '--workers', '2', '--quiet'],
  ...['--sampler', 'tpe', '--pruner', 'asha:minimum=2', '--seed', '5', '--out', directory],
]

/** Begins a command in a process group of its own. */
function begin(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: place.path, detached: true, stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { pid: child.pid!, ended }
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

const wholeLines = (text: string) => text.slice(0, text.lastIndexOf('\n') + 1)

/** Waits until a file has this many lines, or for `ended`. */
async function linesOrEnd(path: string, lines: number, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  while (!hasEnded && textOf(path).split('\n').length <= lines) await sleep(5)
}

/**
 * Kills everything of a search at random moments, goes on each time, and compares with a search that was left alone.
 * The moments are places in the journal with a random delay behind them, so that a fast machine is hit as surely as a
 * slow one, while it starts, trains and writes.
 */
async function killAndCompare(kills: number, trials: number, name: string): Promise<void> {
  const whole = `${name}-whole`
  const cut = `${name}-cut`
  expect((await atelier(long(whole, trials), { cwd: place.path })).code).toBe(0)
  const length = textOf(join(place.path, whole, 'journal.log')).split('\n').length
  const chance = uniforms(key(11).child(name), 2 * kills)
  const journal = join(place.path, cut, 'journal.log')
  let hits = 0
  for (let kill = 0; kill < kills; kill++) {
    const before = textOf(journal)
    const { pid, ended } = begin([...long(cut, trials), '--resume'])
    await linesOrEnd(journal, Math.floor((0.9 * length * (kill + chance[2 * kill])) / kills), ended)
    await Promise.race([sleep(chance[2 * kill + 1] * 300), ended])
    try {
      process.kill(-pid, 'SIGKILL')
      hits += 1
    } catch {
      // it had come to its end before the blow
    }
    await ended
    expect(textOf(journal).startsWith(wholeLines(before))).toBe(true) // nothing that was written is lost
  }
  expect(hits).toBeGreaterThan(0)
  const last = await atelier([...long(cut, trials), '--resume'], { cwd: place.path })
  expect(last).toMatchObject({ code: 0 })
  expect(told(await record(cut))).toEqual(told(await record(whole)))
  expectNothingTwice(readFileSync(journal, 'utf8'), trials)
}

/** Every trial is begun once and ended once, and every step is reported once. */
function expectNothingTwice(text: string, trials: number): void {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ op_code }) => op_code === 4)).toHaveLength(trials)
  const ends = lines.filter(({ op_code, state }) => op_code === 6 && [1, 2, 3].includes(state))
  expect(ends.map(({ trial_id }) => trial_id).sort((a, b) => a - b)).toEqual(
    Array.from({ length: trials }, (_, i) => i),
  )
  const reports = lines
    .filter(({ op_code }) => op_code === 7)
    .map(({ trial_id, step }) => `${trial_id}:${step}`)
  expect(new Set(reports).size).toBe(reports.length)
}

describe('a search that is disturbed', () => {
  test('goes on after Ctrl-C: exit code 130, the state kept, the same end', async () => {
    const args = long('stopped', 5)
    expect((await atelier(args, { cwd: place.path })).code).toBe(0)
    const { pid, ended } = begin(args.with(args.length - 1, 'stopped-cut'))
    const journal = join(place.path, 'stopped-cut/journal.log')
    // past the first rung, at 2, and far from the next, at 6: a trial that the signal meets there is cut, and has a checkpoint
    const between = (wanted: string) =>
      applyLogs(wholeLines(textOf(journal)))[0]?.trials.find(
        ({ state, intermediate_values }) => state === wanted && Object.keys(intermediate_values).length >= 3,
      )
    while (between('RUNNING') === undefined) await sleep(5)
    process.kill(-pid, 'SIGINT')
    expect(await ended).toBe(130)
    const cut = between('WAITING')
    const run = join(place.path, 'stopped-cut/trials', String(cut?.number).padStart(4, '0'), 'manifest.json')
    const begun = readFileSync(run, 'utf8')
    expect(existsSync(join(place.path, 'stopped-cut/search.lock'))).toBe(false)
    const resumed = await atelier([...args.with(args.length - 1, 'stopped-cut'), '--resume'], {
      cwd: place.path,
    })
    expect(resumed.code).toBe(0)
    expect(readFileSync(run, 'utf8')).toBe(begun) // gone on with, not begun anew
    expect(told(await record('stopped-cut'))).toEqual(told(await record('stopped')))
  })
  test('survives kill -9 of everything, again and again', async () => {
    const isLong = process.env.ATELIER_LONG_TESTS === '1'
    await (isLong ? killAndCompare(10, 40, 'ten') : killAndCompare(2, 8, 'two'))
  }, 600_000)
  test.each([
    ['before its journal', undefined],
    ['with an empty journal', ''],
    ['within its first line', '{"op_code":0,"worker_id":"3f'],
    [
      'after its first line',
      '{"op_code":0,"worker_id":"w","study_name":"atelier-small","directions":[2]}\n{"op_c',
    ],
  ])('that was killed %s is begun anew', async (name, content) => {
    const directory = `early ${name}`
    mkdirSync(join(place.path, directory))
    writeFileSync(join(place.path, directory, 'search.lock'), '{"pid":4194305,"workers":[]}')
    if (content !== undefined) writeFileSync(join(place.path, directory, 'journal.log'), content)
    const answer = await tune('--trials', '1', '--epochs', '1', '--quiet', '--resume', '--out', directory)
    expect(answer).toMatchObject({ code: 0 })
    expect((await record(directory)).counts.complete).toBe(1)
  })
  test('two searches do not write into one directory at once', async () => {
    const { pid, ended } = begin(long('held', 400))
    const journal = join(place.path, 'held/journal.log')
    while (!existsSync(journal) || !readFileSync(journal, 'utf8').includes('intermediate_value'))
      await sleep(20)
    expectRefusal(
      await atelier([...long('held', 400), '--resume'], { cwd: place.path }),
      /search\.lock: expected a search that nobody is running, received one that process \d+ is running/,
    )
    process.kill(-pid, 'SIGKILL')
    await ended
  })
})
