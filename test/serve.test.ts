import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { atelier, expectRefusal, workplace } from './support/cli.ts'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const place = workplace()
const started: ChildProcess[] = []
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

const source = 'silhouettes:train=200,test=40'

/** Starts `atelier serve` on a port of its own. */
async function serve(...args: readonly string[]) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--json', ...args], {
    cwd: place.path,
    env: { PATH, HOME: tmpdir() },
  })
  started.push(child)
  let [out, err] = ['', '']
  child.stderr.on('data', (text) => {
    err += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, err }))
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', (text) => {
      out += text
      if (out.endsWith('}\n')) resolve((JSON.parse(out) as { url: string }).url)
    })
  })
  const url = await Promise.race([
    listening,
    ended.then((end) => Promise.reject(new Error(JSON.stringify(end)))),
  ])
  return { child, url, ended }
}

test('a termination under load loses no request that was accepted, and streams are told', async () => {
  const training = ['--model', 'mlp-small', '--data', source, '--epochs', '1']
  await atelier(['train', ...training, '--out', 'model'], { cwd: place.path })
  const { child, url, ended } = await serve('--model', 'model', '--runs', '.')
  const bar = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 > 9 && i % 28 < 18 ? 200 : 0))
  const picture = await sharp(bar, { raw: { width: 28, height: 28, channels: 1 } })
    .png()
    .toBuffer()
  const headers = { 'content-type': 'image/png' }
  const faults: string[] = []
  let answered = 0
  const client = async () => {
    for (;;) {
      try {
        const body = new Uint8Array(picture)
        const response = await fetch(`${url}/api/recognize`, { method: 'POST', body, headers })
        const { results } = (await response.json()) as { results?: unknown[] }
        if (response.status === 200 && results?.length === 1) answered += 1
        else faults.push(`${response.status}`)
      } catch (error) {
        const { code } = (error as { cause: { code: string } }).cause
        if (!/^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code)) faults.push(code)
        return // not accepted, as the server's own count of answers shows below
      }
    }
  }
  const stream = await fetch(`${url}/api/events`)
  const told = stream.text()
  const clients = Promise.all(Array.from({ length: 8 }, client))
  while (answered < 50) await sleep(10)
  child.kill('SIGTERM')
  await clients
  expect(faults).toEqual([])
  expect(await told).toContain('event: closing')
  const { code, err } = await ended
  expect(code).toBe(0)
  const lines = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; status?: number })
  expect(lines[0].event).toBe('listening')
  expect(lines.at(-1)?.event).toBe('closed')
  const accepted = lines.filter(({ event, status }) => event === 'request' && status !== undefined)
  expect(accepted.filter(({ status }) => status !== 200)).toEqual([])
  expect(accepted).toHaveLength(answered + 1) // and the stream
})

/** The events of a stream that has ended. */
const eventsIn = (text: string) =>
  Array.from(text.matchAll(/^event: (.+)\ndata: (.+)$/gm), ([, type, data]) => ({
    type,
    data: JSON.parse(data) as unknown,
  }))

test('a running search is stopped from outside and keeps what is done', async () => {
  const { child, url } = await serve('--runs', 'runs')
  const search = [
    ...['tune', 'mlp', '--trials', '200', '--epochs', '20', '--early-stopping', '0', '--workers', '1'],
    ...['--data', source, '--out', 'runs/found'],
  ]
  const tuning = atelier(search, { cwd: place.path })
  const rowOf = async () => {
    const { searches } = (await (await fetch(`${url}/api/searches`)).json()) as {
      searches: { status: string; counts: { complete: number } }[]
    }
    return searches[0]
  }
  while (((await rowOf())?.counts.complete ?? 0) < 2) await sleep(50)
  expect((await rowOf()).status).toBe('running')
  const told = fetch(`${url}/api/searches/found/events`).then((response) => response.text())
  const stop = () => fetch(`${url}/api/searches/found/stop`, { method: 'POST' })
  expect((await stop()).status).toBe(200)
  expect((await tuning).code).toBe(130)
  expect((await stop()).status).toBe(409)
  const results = JSON.parse(await readFile(join(place.path, 'runs/found/results.json'), 'utf8'))
  expect(results.stopReason).toBe('interrupted')
  expect(results.counts.complete).toBeGreaterThanOrEqual(2)
  expect(eventsIn(await told).filter(({ type }) => type === 'trial').length).toBeGreaterThanOrEqual(2)
  expect(eventsIn(await told).at(-1)).toMatchObject({ type: 'search', data: { status: 'stopped' } })
  child.kill('SIGTERM')
})

test('a place that cannot be had is told in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const options = { cwd: place.path }
  expectRefusal(
    await atelier(['serve', '--port', `${port}`, '--quiet'], options),
    /port \d+: expected one that is free/,
  )
  other.close()
  expectRefusal(await atelier(['serve', '--port', '70000'], options), /--port: expected a whole number/)
  expectRefusal(await atelier(['serve', '--host', '192.0.2.7', '--port', '0'], options), /host 192\.0\.2\.7/)
  expectRefusal(await atelier(['serve', '--model', 'none.safetensors'], options), /none\.safetensors/)
  expectRefusal(await atelier(['serve', '--data', 'nonsense'], options), /data: expected one of/)
  await writeFile(join(place.path, 'file'), '')
  expectRefusal(await atelier(['serve', '--runs', 'file'], options), /--runs: expected a directory/)
})
