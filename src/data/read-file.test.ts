import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { gunzip, readBytes } from './read-file.ts'

const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) % 251)
const packed = gzipSync(bytes)

describe('a file of data', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-read-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function file(name: string, content: Uint8Array): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  test('is unpacked when it is gzip, whatever its name, and read as it is otherwise', async () => {
    expect(await readBytes(await file('a.gz', packed))).toEqual(bytes)
    expect(await readBytes(await file('a', packed))).toEqual(bytes)
    expect(await readBytes(await file('b', bytes))).toEqual(bytes)
  })

  test('that was cut short is said to be', async () => {
    const cut = await file('cut.gz', packed.subarray(0, packed.length / 2))
    await expect(readBytes(cut)).rejects.toThrow(
      `${cut}: expected a whole gzip file, received a file that was cut short. Fetch the file again.`,
    )
  })

  test.each([100, packed.length - 6])('damaged at byte %d is said to be', async (position) => {
    const damaged = Uint8Array.from(packed)
    damaged[position] ^= 0xff
    await expect(readBytes(await file('damaged.gz', damaged))).rejects.toThrow('received a damaged file')
  })

  test('named .gz that is none is refused', async () => {
    await expect(readBytes(await file('plain.gz', bytes))).rejects.toThrow('drop .gz from its name')
    await expect(readBytes(await file('empty.gz', new Uint8Array()))).rejects.toThrow(
      'received an empty file',
    )
  })

  test('is refused when its MD5 is not the published one, before it is unpacked', async () => {
    const path = await file('other.gz', packed.subarray(0, 50))
    const received = createHash('md5').update(packed.subarray(0, 50)).digest('hex')
    const md5 = '8d4fb7e6c68d591d4c3dfef9ec88bf0d'
    await expect(readBytes(path, { md5 })).rejects.toThrow(
      `${path}: expected MD5 ${md5}, received ${received}. This is not the published file, or it is damaged: delete it`,
    )
  })

  test('that cannot be read is an error of the input', async () => {
    await expect(readBytes(join(folder, 'absent'))).rejects.toThrow(
      'absent: expected a readable file, received none',
    )
    await expect(readBytes(folder)).rejects.toThrow(InputError)
  })
})

test('a gzip bomb is defused', () => {
  const bomb = gzipSync(new Uint8Array(1_000_000))
  expect(bomb.length).toBeLessThan(1_100)
  expect(() => gunzip(bomb, 'bomb', 10_000)).toThrow(
    'bomb: expected at most 10000 bytes when unpacked, received more',
  )
})
