import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baseOf, recordedSource } from './recorded-source.ts'

let project: string
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'atelier-project-'))
  await mkdir(join(project, 'photos'), { recursive: true })
  await mkdir(join(project, 'runs', 'a'), { recursive: true })
})
afterAll(() => rm(project, { recursive: true, force: true }))

test('sources without a relative path need no base', () => {
  for (const source of [
    'fashion-mnist',
    'silhouettes:train=10,test=2',
    'folder:/photos',
    'idx:/a',
    'made in memory',
  ])
    expect(baseOf(source, 'runs/a')).toBeUndefined()
  expect(baseOf('folder:photos@32x32', 'runs/a')).toBe('../..')
  expect(baseOf('csv:a.csv', '.')).toBe('.')
})

test('a relative source is found from anywhere, and where both have moved together', async () => {
  const here = relative('.', project)
  for (const [source, found] of [
    ['folder:photos', 'folder:PHOTOS'],
    ['folder:photos@32x32,gray', 'folder:PHOTOS@32x32,gray'],
    ['mnist:photos', 'mnist:PHOTOS'],
  ]) {
    const record = { source, base: '../..' }
    const at = (place: string) => found.replace('PHOTOS', join(place, 'photos'))
    expect(await recordedSource(record, join(here, 'runs', 'a'))).toBe(at(here))
    expect(await recordedSource(record, join(project, 'runs', 'a'))).toBe(at(project))
    await rename(project, `${project}-moved`)
    expect(await recordedSource(record, join(project, 'runs', 'a'))).toBe(source)
    expect(await recordedSource(record, join(`${project}-moved`, 'runs', 'a'))).toBe(at(`${project}-moved`))
    await rename(`${project}-moved`, project)
  }
})

test('records without a base are read from where one is', async () => {
  expect(await recordedSource({ source: 'folder:photos' }, join(project, 'runs', 'a'))).toBe('folder:photos')
})
