import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fashionMnist } from './fashion-mnist.ts'
import { findSet, MissingDataError } from './find.ts'
import type { Surroundings } from './surroundings.ts'

const names = Object.values(fashionMnist.files).map(({ name }) => name)

describe('finding a published set', () => {
  let root: string
  let surroundings: Surroundings
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'atelier-find-'))
    surroundings = { environment: {}, homeDirectory: join(root, 'home'), fetch: noNetwork }
  })
  afterEach(() => rm(root, { recursive: true }))

  async function put(files: readonly string[], ...path: string[]): Promise<string> {
    const directory = join(root, ...path)
    await mkdir(directory, { recursive: true })
    for (const file of files) await writeFile(join(directory, file), 'some bytes')
    return directory
  }

  function withEnvironment(environment: Record<string, string>): Surroundings {
    return { ...surroundings, environment }
  }

  test('the folder that the user names is looked at before all others', async () => {
    const named = await put(names, 'named')
    await put(names, 'data', 'fashion-mnist')
    const found = await findSet(fashionMnist, withEnvironment({ ATELIER_DATA: join(root, 'data') }), {
      directory: named,
    })
    expect(found).toBe(named)
  })

  test('then the data folder, then the cache', async () => {
    const cached = await put(names, 'home', '.cache', 'atelier', 'fashion-mnist')
    const data = withEnvironment({ ATELIER_DATA: await put([], 'data') })
    expect(await findSet(fashionMnist, data)).toBe(cached)
    const given = await put(names, 'data', 'fashion-mnist')
    expect(await findSet(fashionMnist, data)).toBe(given)
  })

  test('XDG_CACHE_HOME moves the cache', async () => {
    const cached = await put(names, 'xdg', 'atelier', 'fashion-mnist')
    expect(await findSet(fashionMnist, withEnvironment({ XDG_CACHE_HOME: join(root, 'xdg') }))).toBe(cached)
  })

  test('a folder that the user names must be complete: nothing is searched for behind their back', async () => {
    await put(names, 'home', '.cache', 'atelier', 'fashion-mnist')
    const find = (directory: string) => findSet(fashionMnist, surroundings, { directory })
    await expect(find(join(root, 'absent'))).rejects.toThrow(
      `absent: expected the 4 files of Fashion-MNIST: ${names.join(', ')}, received no folder. They are published at http`,
    )
    await expect(find(await put([], 'empty'))).rejects.toThrow('received none of them')
    await expect(find(await put(names.slice(1), 'three'))).rejects.toThrow(`received all but ${names[0]}`)
  })

  test('so must a sub-folder of the data folder', async () => {
    await put(names.slice(0, 2), 'data', 'fashion-mnist')
    await expect(
      findSet(fashionMnist, withEnvironment({ ATELIER_DATA: join(root, 'data') })),
    ).rejects.toThrow(`received all but ${names[2]}, ${names[3]}`)
  })

  test('a data folder that does not exist is said at once', async () => {
    await expect(findSet(fashionMnist, withEnvironment({ ATELIER_DATA: '/no/such' }))).rejects.toThrow(
      'ATELIER_DATA: expected a folder with one sub-folder a dataset, received "/no/such", which is none',
    )
  })

  test('without data and without network the ways out are listed', async () => {
    const error = await findSet(fashionMnist, surroundings).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(MissingDataError)
    const { message } = error as Error
    expect(message).toContain('ATELIER_DATA (not set)')
    expect(message).toContain(join(root, 'home', '.cache', 'atelier', 'fashion-mnist'))
    expect(message).toContain('nothing (getaddrinfo ENOTFOUND)')
    expect(message).toContain('use --data silhouettes')
  })

  test('a cache that cannot be written is as good as none', async () => {
    await writeFile(join(root, 'home'), 'a file where a folder should be')
    await expect(findSet(fashionMnist, surroundings)).rejects.toThrow(MissingDataError)
  })
})

const noNetwork: typeof fetch = async () => {
  throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') })
}
