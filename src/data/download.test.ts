import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DownloadEvent, download } from './download.ts'
import type { KnownSet } from './known-set.ts'

const content = randomBytes(300_000)
const md5 = createHash('md5').update(content).digest('hex')
const names = ['a.gz', 'b.gz', 'c.gz', 'd.gz'] as const

function setAt(address: string): KnownSet {
  const [trainImages, trainLabels, testImages, testLabels] = names.map((name) => ({ name, md5 }))
  const files = { trainImages, trainLabels, testImages, testLabels }
  return { name: 'tiny', title: 'Tiny', classNames: ['0', '1'], address, files }
}

/** Answers as a file server does, Range included. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (start >= content.length) response.writeHead(416).end()
  else
    response
      .writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start })
      .end(content.subarray(start))
}

/** Promises everything, sends 100,000 bytes, and hangs up. */
function cut(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start })
  response.write(content.subarray(start, start + 100_000), () => response.destroy())
}

describe('a download', () => {
  let folder: string
  let server: Server
  let set: KnownSet
  let answer: typeof serve
  let ranges: (string | undefined)[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-download-'))
    answer = serve
    ranges = []
    server = createServer((request, response) => {
      ranges.push(request.headers.range)
      answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    set = setAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny/`)
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })

  async function run(): Promise<DownloadEvent[]> {
    const events: DownloadEvent[] = []
    for await (const event of download(set, folder)) events.push(event)
    return events
  }

  test('brings every file and tells how far it is', async () => {
    const events = await run()
    expect((await readdir(folder)).sort()).toEqual([...names])
    expect(content.equals(await readFile(join(folder, 'a.gz')))).toBe(true)
    expect(events.filter(({ bytes, total }) => bytes === total).map(({ file }) => file)).toEqual([...names])
    expect(new Set(events.map(({ total }) => total))).toEqual(new Set([content.length]))
  })

  test('makes the folder, and leaves alone what is there', async () => {
    folder = join(folder, 'deeper')
    await mkdir(folder)
    await writeFile(join(folder, 'a.gz'), 'mine')
    await run()
    expect(ranges.length).toBe(3)
    expect(await readFile(join(folder, 'a.gz'), 'utf8')).toBe('mine')
    folder = join(folder, '..')
  })

  test('that is cut goes on where it stopped, within one run', async () => {
    answer = (request, response) => (ranges.length <= 2 ? cut : serve)(request, response)
    const events = await run()
    expect(content.equals(await readFile(join(folder, 'a.gz')))).toBe(true)
    expect(ranges.slice(0, 2)[0]).toBeUndefined()
    expect(ranges[1]).toMatch(/^bytes=\d+-$/)
    const ofFirst = events.filter(({ file }) => file === 'a.gz').map(({ bytes }) => bytes)
    expect(ofFirst).toEqual([...ofFirst].sort((a, b) => a - b))
  })

  test('goes on with the part that an earlier run left', async () => {
    await writeFile(join(folder, 'a.gz.part'), content.subarray(0, 123_456))
    const [first] = await run()
    expect(ranges[0]).toBe('bytes=123456-')
    expect(first.total).toBe(content.length)
    expect(content.equals(await readFile(join(folder, 'a.gz')))).toBe(true)
  })

  test('begins anew when the server cannot resume', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': content.length }).end(content)
    await writeFile(join(folder, 'a.gz.part'), content.subarray(0, 1000))
    await run()
    expect(content.equals(await readFile(join(folder, 'a.gz')))).toBe(true)
  })

  test('of which the part is whole already only checks and renames it', async () => {
    await writeFile(join(folder, 'a.gz.part'), content)
    await run()
    expect(content.equals(await readFile(join(folder, 'a.gz')))).toBe(true)
  })

  test('of a wrong MD5 leaves nothing and says what came', async () => {
    answer = (_, response) => response.end('something else')
    const received = createHash('md5').update('something else').digest('hex')
    await expect(run()).rejects.toThrow(
      `${set.address}a.gz: expected a file of MD5 ${md5}, received ${received}`,
    )
    expect(await readdir(folder)).toEqual([])
  })

  test('that the server refuses leaves nothing', async () => {
    answer = (_, response) => response.writeHead(404, 'Not Found').end()
    await expect(run()).rejects.toThrow(`${set.address}a.gz answered 404 Not Found`)
    expect(ranges.length).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })
})
