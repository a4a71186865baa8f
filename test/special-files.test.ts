import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InputError } from '../src/base/errors.ts'
import { openRecordIndex } from '../src/catalog/record-index.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { readPictureFile } from '../src/pictures/picture-file.ts'
import { takeLock } from '../src/record/lock.ts'
import { readJson } from '../src/record/read-json.ts'
import { readModelFile, readRun } from '../src/runs/run.ts'
import { readSearch } from '../src/search/read-search.ts'
import { readJournal } from '../src/tuning/journal/journal.ts'

const directory = mkdtempSync(join(tmpdir(), 'atelier-special-'))
const at = (...names: string[]) => join(directory, ...names)
const makePipe = (path: string) => execFileSync('mkfifo', [path])
const folder = (...names: string[]) => {
  mkdirSync(at(...names), { recursive: true })
  return at(...names)
}

beforeAll(() => {
  for (const name of [
    'space.json',
    'space.ts',
    'table.csv',
    'weights.safetensors',
    'picture.png',
    'plan.json',
  ])
    makePipe(at(name))
  makePipe(join(folder('idx'), 'train-images-idx3-ubyte'))
  for (const name of ['train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])
    makePipe(at('idx', name))
  makePipe(join(folder('run'), 'manifest.json'))
  for (const i of [1, 2, 3, 4, 5, 6]) {
    makePipe(join(folder('pictures', 'a'), `${i}.png`))
    symlinkSync('/dev/zero', join(folder('zeros', 'a'), `${i}.png`))
  }
})
afterAll(() => rmSync(directory, { recursive: true }))

/** A pipe that nobody writes to would hold whoever opens it for ever. */
describe('no input is waited for', () => {
  test.each<[string, () => unknown]>([
    ['a space in JSON', () => readSearch(at('space.json'))],
    ['a space in TypeScript', () => readSearch(at('space.ts'))],
    ['a table', () => loadDataset(parseSource(`csv:${at('table.csv')}`), {})],
    ['IDX files', () => loadDataset(parseSource(`idx:${at('idx')}`), {})],
    ['a folder of pictures', () => loadDataset(parseSource(`folder:${at('pictures')}`), {})],
    ['a folder with a link to a device', () => loadDataset(parseSource(`folder:${at('zeros')}`), {})],
    ['weights', () => readModelFile(at('weights.safetensors'))],
    ['a run', () => readRun(at('run'))],
    ['a plan', () => readJson(at('plan.json'), 'a plan')],
    ['a picture', () => readPictureFile(at('picture.png'))],
    ['a journal', async () => readJournal(at('plan.json'))],
  ])('%s', async (_, read) => {
    const refused = await Promise.resolve(read()).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(InputError)
    expect(String(refused)).toMatch(/something that is no file/)
  })
  test('a lock', async () => {
    makePipe(at('search.lock'))
    const lock = await takeLock(at('search.lock'), 'a search')
    lock.release()
  })
})

describe('links to folders', () => {
  test('may lead in circles: every picture is read once', async () => {
    const png = at('dot.png')
    const sharp = (await import('sharp')).default
    await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toFile(png)
    for (const name of ['bag', 'shoe']) {
      folder('loops', name, 'deep')
      for (let i = 0; i < 5; i++) copyFileSync(png, at('loops', name, 'deep', `${i}.png`))
      symlinkSync('.', at('loops', name, 'same'))
      symlinkSync('..', at('loops', name, 'above'))
      symlinkSync('deep', at('loops', name, 'again'))
      symlinkSync('itself', at('loops', name, 'itself'))
    }
    const { train, test } = await loadDataset(parseSource(`folder:${at('loops')}`), {})
    expect(train.count + test.count).toBe(10)
  })
})

test('a folder of records with pipes and devices in the place of files is listed, and its records say why they cannot be read', async () => {
  const records = folder('records')
  for (const [name, files] of Object.entries({
    run: ['manifest.json', 'events.jsonl', 'test.json', 'weights.safetensors'],
    search: ['journal.log', 'results.json', 'search.lock'],
    study: ['plan.json', 'study.json'],
    audit: ['audit.json'],
  })) {
    folder('records', name)
    for (const file of files) makePipe(at('records', name, file))
  }
  writeFileSync(join(folder('records', 'locked'), 'journal.log'), '{"op_code":0}\n')
  makePipe(at('records', 'locked', 'search.lock'))
  symlinkSync('/dev/zero', join(folder('records', 'zeros'), 'manifest.json'))
  symlinkSync('..', at('records', 'above'))
  const { runs, searches } = await openRecordIndex(records).contents()
  expect(runs.map(({ path, status }) => `${path} ${status}`).sort()).toEqual(['run corrupt', 'zeros corrupt'])
  expect(searches.map(({ path, status }) => `${path} ${status}`).sort()).toEqual([
    'locked corrupt',
    'search corrupt',
  ])
})
