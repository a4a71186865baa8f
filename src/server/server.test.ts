import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watch } from '../base/watch.ts'
import type { RecordIndex } from '../catalog/record-index.ts'
import { parseIdxImages, parseIdxLabels } from '../data/idx.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { AUDIT_FILE, auditFindings } from '../experiments/audit/record.ts'
import { audit } from '../experiments/audit/run.ts'
import { auditSettings } from '../experiments/audit/settings.ts'
import { dense, globalAveragePool2d, input, model } from '../model/functional.ts'
import { volume } from '../model/layer.ts'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import { resolve } from '../model/spec.ts'
import { loadClassifier } from '../recognition/load.ts'
import { decodeModelFile, encodeModelFile } from '../record/model-file.ts'
import { evaluateRun } from '../runs/evaluate-run.ts'
import { recordRun } from '../runs/recorded-run.ts'
import { readRun } from '../runs/run.ts'
import { apiRoutes } from './app.ts'
import { describedRoutes } from './contract.ts'
import type { Limits } from './limits.ts'
import { openModels } from './models/models.ts'
import { openServer, type Server, type ServerOptions } from './server.ts'

const source = 'silhouettes:train=300,test=60,seed=3'
const engine = chooseBackend({ threads: 1 })
const splitOptions = { validation: 0.2, seed: 1 }
const dataset = await loadDataset(parseSource(source))
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }

let directory = ''
let runs = ''
let server: Server
const open: Server[] = []

async function start(options: Partial<ServerOptions> = {}): Promise<Server> {
  const started = await openServer({ runs, model: join(runs, 'first'), version: '0.0.0', ...options })
  open.push(started)
  return started
}
const withLimits = (limits: Partial<Limits>) => start({ limits })

async function train(path: string, seed: number, epochs = 2): Promise<void> {
  const optimizer = { kind: 'adam', learningRate: 0.002 } as const
  const settings = { epochs, batch: 32, optimizer, loss: 'cross-entropy', monitor: 'val-loss', seed } as const
  const request = { directory: path, name: `seed ${seed}`, command: '', data, engine }
  await watch(
    recordRun({
      ...request,
      model: network('mlp-small'),
      settings: { ...settings, preprocessing: unitInterval },
    }),
    () => {},
  )
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atelier-http-'))
  runs = join(directory, 'runs')
  await mkdir(join(runs, 'study', 'networks'), { recursive: true })
  await writeFile(join(runs, 'study', 'plan.json'), '{}')
  await train(join(runs, 'first'), 1)
  await train(join(runs, 'study', 'networks', 'second one'), 2)
  await evaluateRun(await readRun(join(runs, 'first')), data, engine)
  server = await start({ data: [source] })
})
afterAll(async () => {
  await Promise.all(open.map((each) => each.close()))
  await rm(directory, { recursive: true })
})

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at by the tests themselves
type Loose = any

/** A JSON answer, held to the schema that its route promises. */
async function get<T = Loose>(path: string, from = server): Promise<T> {
  const response = await fetch(from.url + path)
  const body = await response.json()
  expect({ status: response.status, body }).toMatchObject({ status: 200 })
  const { pathname } = new URL(path, from.url)
  const route = describedRoutes(apiRoutes('').routes).find(
    (each) =>
      each.method === 'get' && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  )
  const schema = route?.answer['application/json']
  if (schema === undefined || typeof schema === 'string') throw new Error(`${path} promises no JSON`)
  expect(schema.safeParse(body).error).toBeUndefined()
  return body
}

/** A network of few weights that looks at images of so many pixels a side. */
function seesAllOf(side: number) {
  const inputs = input([side, side, 1])
  const outputs = dense({ units: 10, activation: 'softmax' })(globalAveragePool2d()(inputs))
  const spec = model({ inputs, outputs })
  const tensors = resolve(spec).nodes.flatMap((node) =>
    node.parameters.map(({ name, shape }) => ({
      ...{ name: `${node.name}/${name}`, shape, values: new Float32Array(volume(shape)) },
    })),
  )
  return { spec, tensors, imageShape: [side, side, 1], form: undefined, metadata: {} }
}

const imageAt = (i: number) => dataset.train.pixels.subarray(i * 784, (i + 1) * 784)
const pngOf = (pixels: Uint8Array, width = 28, height = 28) =>
  sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()

const post = (body: BodyInit, type: string | null = 'image/png', from = server, path = '/api/recognize') =>
  fetch(from.url + path, {
    method: 'POST',
    body,
    ...(type === null ? {} : { headers: { 'content-type': type } }),
  })

/** An error answer: a problem document of the expected status. */
async function problem(answer: Promise<Response>, status: number): Promise<Loose> {
  const response = await answer
  const body = await response.json()
  expect({ status: response.status, type: response.headers.get('content-type'), body }).toEqual({
    status,
    type: 'application/problem+json',
    body: expect.objectContaining({ status, detail: expect.any(String) }),
  })
  return body
}

/** A request as no browser or `fetch` would send it. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(server.url + path, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

interface Told {
  readonly id: string | undefined
  readonly type: string
  readonly data: Loose
}

/** Listens to a stream until `isEnough`, or its end. */
async function listen(
  path: string,
  isEnough: (events: readonly Told[]) => boolean,
  { from = server, headers = {} }: { from?: Server; headers?: Record<string, string> } = {},
): Promise<Told[]> {
  const leave = new AbortController()
  const response = await fetch(from.url + path, { headers, signal: leave.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events: Told[] = []
  let text = ''
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() as string
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)))
        if (fields.event) events.push({ id: fields.id, type: fields.event, data: JSON.parse(fields.data) })
      }
      if (isEnough(events)) break
    }
  } finally {
    leave.abort()
  }
  return events
}

describe('the description', () => {
  test('is sound OpenAPI 3.1', async () => {
    const description = await get('/api/openapi.json')
    const found = await new Validator().validate(description)
    expect(found.errors).toBeUndefined()
    expect(found.valid).toBe(true)
  })

  test('names the routes that there are, and no others', async () => {
    const { paths } = await get('/api/openapi.json')
    for (const [path, operations] of Object.entries<Record<string, Loose>>(paths)) {
      const at = server.url + path.replace(/\{\w+\}/g, 'none')
      const wrong = await problem(fetch(at, { method: 'DELETE' }), 405)
      expect(wrong.detail).toContain(
        Object.keys(operations)
          .map((name) => name.toUpperCase())
          .join(', '),
      )
      for (const method of Object.keys(operations)) {
        if (operations[method].responses[200].content['text/event-stream']) continue
        const response = await fetch(at, { method: method.toUpperCase() })
        const body = await response.text()
        expect(body).not.toContain('nothing at this address')
        expect(Object.keys(operations[method].responses)).toContain(String(response.status))
      }
    }
    await problem(fetch(`${server.url}/api/nothing`), 404)
  })
})

describe('recognition', () => {
  test('a picture is told as the network itself tells it', async () => {
    const predictor = await loadClassifier(join(runs, 'first'))
    const response = await post(await pngOf(imageAt(0)))
    const { results, classNames, model } = await response.json()
    expect(classNames).toEqual(dataset.classNames)
    expect(model).toBe('default')
    expect(results).toEqual([{ file: null, ...predictor.predict(imageAt(0)) }])
    predictor.close()
  })

  test('many in one form, and many requests at once, get each its own answer', async () => {
    const predictor = await loadClassifier(join(runs, 'first'))
    const expected = Array.from({ length: 40 }, (_, i) => predictor.predict(imageAt(i)).probabilities)
    const pictures = await Promise.all(expected.map((_, i) => pngOf(imageAt(i))))
    const form = new FormData()
    for (const [i, png] of pictures.entries())
      form.append('image', new Blob([new Uint8Array(png)]), `${i}.png`)
    const { results } = await (await post(form, null)).json()
    expect(results.map(({ file }: Loose) => file)).toEqual(expected.map((_, i) => `${i}.png`))
    expect(results.map(({ probabilities }: Loose) => probabilities)).toEqual(expected)
    const answers = await Promise.all(pictures.map(async (png) => (await post(new Uint8Array(png))).json()))
    expect(answers.map((each) => each.results[0].probabilities)).toEqual(expected)
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const [images, batches] = ['sum', 'count'].map((name) =>
      Number(new RegExp(`atelier_batch_images_${name} (\\d+)`).exec(text)?.[1]),
    )
    expect(batches).toBeLessThan(images)
    predictor.close()
  })

  test('the network of any finished run may be asked', async () => {
    const { models } = await get('/api/models')
    expect(models.map(({ id }: Loose) => id)).toEqual(['default', 'first', 'study:networks:second%20one'])
    const id = encodeURIComponent('study:networks:second%20one')
    const response = await post(await pngOf(imageAt(0)), 'image/png', server, `/api/recognize?model=${id}`)
    const predictor = await loadClassifier(join(runs, 'study/networks/second one'))
    expect((await response.json()).results[0]).toEqual({ file: null, ...predictor.predict(imageAt(0)) })
    predictor.close()
    await problem(post('x', 'image/png', server, '/api/recognize?model=none'), 404)
  })

  test('weights that are broken, or ask for more than there is, are the server’s fault, and no path is told', async () => {
    const own = await mkdtemp(join(directory, 'broken-'))
    const lines: string[] = []
    const note = (_: string, fields?: unknown) => lines.push(JSON.stringify(fields))
    const log = { info() {}, warn() {}, error: note, flush() {} }
    await cp(join(runs, 'first'), join(own, 'torn'), { recursive: true })
    await cp(join(runs, 'first'), join(own, 'wide'), { recursive: true })
    await writeFile(join(own, 'torn', 'weights.safetensors'), 'no weights')
    const file = decodeModelFile(await readFile(join(own, 'wide', 'weights.safetensors')), '')
    const wide = encodeModelFile({ ...file, ...seesAllOf(20_000) })
    await writeFile(join(own, 'wide', 'weights.safetensors'), wide)
    const site = await start({ runs: own, model: join(runs, 'first'), log })
    const png = await pngOf(imageAt(0))
    for (const id of ['torn', 'wide']) {
      const answer = post(png, 'image/png', site, `/api/recognize?model=${id}`)
      expect((await problem(answer, 500)).detail).toBe(
        'The weights of this network cannot be used; the log has why.',
      )
      expect(lines.at(-1)).toContain(`${id}/weights.safetensors`)
    }
  })

  test('the network of any finished run may be fetched, to recognize elsewhere', async () => {
    const id = encodeURIComponent('study:networks:second%20one')
    const response = await fetch(`${server.url}/api/models/${id}/file`)
    const fetched = decodeModelFile(new Uint8Array(await response.arrayBuffer()), 'fetched')
    const predictor = await loadClassifier(join(runs, 'study/networks/second one'))
    expect(fetched.tensors).toEqual(predictor.model.tensors)
    expect(fetched.spec).toEqual(predictor.model.spec)
    predictor.close()
    await problem(fetch(`${server.url}/api/models/none/file`), 404)
  })

  test('what is no picture is told, and those beside it are recognized', async () => {
    const png = await pngOf(imageAt(0))
    const bad = {
      text: Buffer.from('this is no picture'),
      cut: png.subarray(0, png.length / 2),
      head: png.subarray(0, 20),
      zeros: Buffer.alloc(1000),
      vectors: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://192.0.2.1/x"/></svg'),
    }
    for (const bytes of Object.values(bad)) {
      const { detail } = await problem(post(new Uint8Array(bytes)), 422)
      expect(detail).not.toMatch(/\n|undefined/)
    }
    await problem(post(''), 400)
    await problem(post('{}', 'application/json'), 415)
    await problem(post('no form', 'multipart/form-data; boundary=x'), 400)
    await problem(post(new FormData(), null), 400)
    const form = new FormData()
    form.append('image', new Blob([new Uint8Array(bad.text)]), 'text.png')
    form.append('image', new Blob([new Uint8Array(png)]), 'good.png')
    const { results } = await (await post(form, null)).json()
    expect(results).toMatchObject([
      { file: 'text.png', problem: { status: 422 } },
      { file: 'good.png', className: expect.any(String) },
    ])
  })
})

describe('limits', () => {
  test('too many bytes: 413, whether they were announced or not', async () => {
    const small = await withLimits({ bytes: 1000 })
    await problem(post(new Uint8Array(1001), 'image/png', small), 413)
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(100))
        controller.close()
      },
    })
    const headers = { 'content-type': 'image/png' }
    const unannounced = { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit
    await problem(fetch(`${small.url}/api/recognize`, unannounced), 413)
    expect((await fetch(`${small.url}/healthz`)).status).toBe(200)
  })

  test('too many pixels, as the header says: 413, before they are unpacked', async () => {
    const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'white' } })
      .png()
      .toBuffer()
    await problem(post(new Uint8Array(bomb)), 413)
  })

  test('too much at once: some are answered, the rest is told to come again', async () => {
    const narrow = await withLimits({ concurrency: 1, queue: 1 })
    const png = new Uint8Array(await pngOf(new Uint8Array(500 * 500).fill(200, 100_000, 150_000), 500, 500))
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(png, 'image/png', narrow)))
    const statuses = answers.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('1')
  })

  test('too busy for one of the pictures of a form: 503 for all, and the places are free at once', async () => {
    const narrow = await withLimits({ concurrency: 1, queue: 20 })
    const form = new FormData()
    const png = await pngOf(new Uint8Array(500 * 500), 500, 500)
    for (let i = 0; i < 30; i++) form.append('image', new Blob([new Uint8Array(png)]), `${i}.png`)
    const refused = await problem(fetch(`${narrow.url}/api/recognize`, { method: 'POST', body: form }), 503)
    expect(refused.detail).toBe('Too many requests are waiting already.')
    const text = await (await fetch(`${narrow.url}/metrics`)).text()
    expect(text).toMatch(/^atelier_http_waiting 0$/m)
    expect(text).toMatch(/^atelier_http_working 0$/m)
  })

  test('small bodies of lengths that are not announced do not count as large ones', async () => {
    const png = new Uint8Array(await pngOf(imageAt(0)))
    const streamed = async () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(png.subarray(0, 40))
          await new Promise((resolve) => setTimeout(resolve, 100)) // so that all are here together
          controller.enqueue(png.subarray(40))
          controller.close()
        },
      })
      const sent = { method: 'POST', body, headers: { 'content-type': 'image/png' }, duplex: 'half' }
      return (await fetch(`${server.url}/api/recognize`, sent as RequestInit)).status
    }
    const statuses = await Promise.all(Array.from({ length: 40 }, streamed))
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  test('bodies that are announced and do not come take no memory, and keep nobody out', async () => {
    const head = 'POST /api/recognize HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\n'
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => {})
      socket.write(`${head}content-length: 16000000\r\n\r\n\x89PNG`)
      return socket
    })
    const taken = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text()
      return Number(/^atelier_http_body_bytes (\d+)$/m.exec(text)?.[1])
    }
    await expect.poll(taken).toBe(20 * 16_384) // all have come, with a few bytes each
    expect((await post(new Uint8Array(await pngOf(imageAt(0))))).status).toBe(200)
    for (const socket of sockets) socket.destroy()
    await expect.poll(taken).toBe(0)
  })

  test('too many parts: 413, whatever is behind them', async () => {
    const part = '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n'
    await problem(post(part.repeat(20_000), 'multipart/form-data; boundary=x'), 413)
  })

  test('too often from one address: 429', async () => {
    const slow = await withLimits({ rate: 0.5 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${slow.url}/healthz`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
  })

  test('an answer that takes too long: 503', async () => {
    const hasty = await withLimits({ seconds: 0.05 })
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(5)) })
    const headers = { 'content-type': 'image/png' }
    const sent = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    await problem(fetch(`${hasty.url}/api/recognize`, sent), 503)
  })
})

test('clients that send nonsense, or go away in the middle, do no harm', async () => {
  const { port } = server
  const say = (text: string, patience: number) =>
    new Promise<string>((resolve) => {
      let heard = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (more) => {
        heard += more
      })
      socket.on('error', () => resolve(heard))
      socket.on('close', () => resolve(heard))
      setTimeout(() => socket.destroy(), patience)
    })
  const head = `POST /api/recognize HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\n`
  expect(await say('nonsense\r\n\r\n', 20_000)).toMatch(/^HTTP\/1\.1 400/)
  const cut = ['content-length: 5000\r\n\r\nhalf', 'transfer-encoding: chunked\r\n\r\n5\r\nab']
  await Promise.all(cut.flatMap((rest) => Array.from({ length: 20 }, () => say(head + rest, 50))))
  expect(await say(`${head}content-length: 9999999999999\r\n\r\n`, 20_000)).toMatch(/^HTTP\/1\.1 413/)
  expect(await say(`${head}content-length: -1\r\n\r\n`, 20_000)).toMatch(/^HTTP\/1\.1 400/)
  await listen('/api/events', ([first]) => first !== undefined)
  const heads = ['/api/events', '/api/runs/first/events'].map((path) => raw(path, {}, 'HEAD'))
  expect(await Promise.all(heads)).toEqual([200, 200])
  expect((await post(new Uint8Array(await pngOf(imageAt(0))))).status).toBe(200)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  expect(text).toMatch(/^atelier_http_working 0$/m)
  expect(text).toMatch(/^atelier_http_streams 0$/m)
})

test('connections that ask for nothing make room for others', async () => {
  const silent = Array.from({ length: 1040 }, () => connect(server.port, '127.0.0.1').on('error', () => {}))
  const cut = silent.filter((socket) => socket.on('close', () => cut.splice(cut.indexOf(socket), 1)))
  while (cut.length > 1030) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await raw('/healthz', {})).toBe(200)
  for (const socket of silent) socket.destroy()
})

test('so many networks at once have threads, and whoever asks for one more is told to come again', async () => {
  const record = { kind: 'run', directory: join(runs, 'first'), path: 'first' } as const
  const index = { find: async () => record } as unknown as RecordIndex
  const models = await openModels(undefined, index, () => {})
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const inside = (id: number) =>
    new Promise<unknown>((resolve) => {
      models
        .use(`run ${id}`, async () => {
          resolve('lent')
          await left
        })
        .catch(({ status }) => resolve(status))
    })
  const told = await Promise.all(Array.from({ length: 9 }, (_, id) => inside(id)))
  expect(told).toEqual([...new Array(8).fill('lent'), 503])
  leave()
  await models.close()
})

describe('security', () => {
  test('it listens to this machine alone unless told otherwise', () => {
    expect(server.host).toBe('127.0.0.1')
  })

  test('foreign names and foreign pages are refused', async () => {
    expect(await raw('/api/runs', { host: 'evil.example' })).toBe(421)
    expect(await raw('/api/runs', { host: 'localhost:80' })).toBe(200)
    const stop = '/api/searches/none/stop'
    expect(await raw(stop, { origin: 'http://evil.example' }, 'POST')).toBe(403)
    expect(await raw(stop, { origin: 'null' }, 'POST')).toBe(403)
    expect(await raw(stop, { 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403)
    expect(await raw(stop, { origin: server.url }, 'POST')).toBe(404)
    expect(await raw(stop, {}, 'POST')).toBe(404)
  })

  test('every answer carries the headers that keep a browser safe, and lets no other page read it', async () => {
    for (const path of ['/', '/api/runs', '/api/none', '/healthz']) {
      const { headers } = await fetch(server.url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/)
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('no address leads out of the directories', async () => {
    await writeFile(join(directory, 'manifest.json'), '{}')
    const outside = [
      '..',
      '../..',
      '..%2F..',
      '%2e%2e',
      '/etc/passwd',
      '..:runs:first',
      'first:..:first',
      '\0',
    ]
    for (const id of outside) {
      await problem(fetch(`${server.url}/api/runs/${encodeURIComponent(id)}`), 404)
      await problem(fetch(`${server.url}/api/data/${encodeURIComponent(id)}`), 404)
    }
    const page = join(directory, 'page')
    await mkdir(join(page, 'assets'), { recursive: true })
    await writeFile(join(page, 'index.html'), '<title>Atelier</title>')
    await writeFile(join(page, 'assets', 'a.js'), '1')
    const site = await start({ page })
    expect(await (await fetch(`${site.url}/`)).text()).toContain('Atelier')
    await problem(fetch(`${site.url}/runs/first`), 404)
    expect((await fetch(`${site.url}/assets/a.js`)).headers.get('cache-control')).toContain('immutable')
    await problem(fetch(`${site.url}/..%2Fruns%2Ffirst%2Fmanifest.json`), 404)
    await problem(fetch(`${site.url}/assets/..%2F..%2Fmanifest.json`), 404)
  })
})

describe('runs', () => {
  test('are listed wherever they lie, with what a table needs', async () => {
    const { runs: rows } = await get('/api/runs')
    expect(rows).toMatchObject([
      { id: 'first', within: null, status: 'finished', epoch: 2, model: 'mlp-small', test: { count: 60 } },
      { path: 'study/networks/second one', within: { kind: 'study', id: 'study' }, test: null },
    ])
    expect((await get('/api/studies')).studies).toMatchObject([{ id: 'study', status: 'unfinished' }])
    expect((await get('/api/runs?within=study')).runs).toHaveLength(1)
    await problem(fetch(`${server.url}/api/studies/study`), 404)
  })

  test('one is told whole; curves of many in one answer', async () => {
    const { manifest, events, row } = await get('/api/runs/first')
    expect(manifest.model.name).toBe('mlp-small')
    expect(events.map(({ type }: Loose) => type)).toEqual([
      'started',
      'epoch',
      'checkpoint',
      'epoch',
      'checkpoint',
      'finished',
    ])
    const { curves } = await get('/api/curves')
    expect(Object.keys(curves)).toEqual(['first', 'study:networks:second%20one'])
    expect(curves.first.valLoss).toEqual([events[1].valLoss, events[3].valLoss])
    expect(row.valLoss).toBe(Math.min(...curves.first.valLoss))
    expect(Object.keys((await get('/api/curves?runs=first,none')).curves)).toEqual(['first'])
  })

  test('a record that is damaged is listed with what is wrong, and links are not followed', async () => {
    const own = await mkdtemp(join(directory, 'damaged-'))
    const copy = (name: string) => cp(join(runs, 'first'), join(own, name), { recursive: true })
    await Promise.all(['good', 'manifest', 'events', 'torn', 'test', 'linked'].map(copy))
    await writeFile(join(own, 'manifest', 'manifest.json'), '{"schemaVersion": 7}')
    await writeFile(join(own, 'events', 'events.jsonl'), 'nonsense\n')
    await appendFile(join(own, 'torn', 'events.jsonl'), '{"type":"ep')
    await writeFile(join(own, 'test', 'test.json'), '[]')
    await rm(join(own, 'linked', 'manifest.json'))
    await symlink(join(runs, 'first', 'manifest.json'), join(own, 'linked', 'manifest.json'))
    await symlink(runs, join(own, 'elsewhere'))
    await mkdir(join(own, 'search'))
    await writeFile(join(own, 'search', 'journal.log'), '{"op_code":99}\n')
    const site = await start({ runs: own })
    const { runs: rows } = await get('/api/runs', site)
    const told = Object.fromEntries(rows.map((row: Loose) => [row.id, row]))
    expect(Object.keys(told).sort()).toEqual(['events', 'good', 'linked', 'manifest', 'test', 'torn'])
    expect(told.good).toMatchObject({ status: 'finished', error: null })
    expect(told.manifest).toMatchObject({
      status: 'corrupt',
      error: expect.stringContaining('schemaVersion'),
    })
    expect(told.events).toMatchObject({
      status: 'corrupt',
      model: 'mlp-small',
      error: expect.stringContaining('line 1'),
    })
    expect(told.torn).toMatchObject({ status: 'finished', warnings: [expect.stringContaining('torn')] })
    expect(told.test).toMatchObject({ status: 'finished', test: null, warnings: [expect.any(String)] })
    expect(told.linked).toMatchObject({ status: 'corrupt', error: expect.stringContaining('link') })
    for (const { id } of rows) await get(`/api/runs/${id}`, site)
    const { searches } = await get('/api/searches', site)
    expect(searches).toMatchObject([{ id: 'search', status: 'corrupt' }])
    await problem(fetch(`${site.url}/api/searches/search`), 422)
    expect(JSON.stringify([rows, searches])).not.toContain(own)
  })

  test('events come as they are written; whoever comes back gets what he missed', async () => {
    const own = await mkdtemp(join(directory, 'live-'))
    await cp(join(runs, 'first'), join(own, 'live'), { recursive: true })
    const file = join(own, 'live', 'events.jsonl')
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    await writeFile(file, `${lines[0]}\n${lines[1]}\n`)
    const site = await start({ runs: own })
    expect((await get('/api/runs', site)).runs).toMatchObject([{ status: 'running', epoch: 1 }])
    const seen = await listen('/api/runs/live/events', (events) => events.length === 2, { from: site })
    const said = (line: string) => {
      const { checksum: _, ...event } = JSON.parse(line)
      return event
    }
    expect(seen.map(({ data }) => data)).toEqual(lines.slice(0, 2).map(said))
    let step = 0
    const rest = await listen(
      '/api/runs/live/events',
      (events) => {
        const next = events.length === step ? lines[2 + step++] : undefined
        if (next !== undefined) void appendFile(file, `${next}\n`)
        return false
      },
      { from: site, headers: { 'last-event-id': seen[1].id as string } },
    )
    expect(rest.map(({ data }) => data)).toEqual(lines.slice(2).map(said))
    const last = { 'last-event-id': rest.at(-1)?.id as string }
    expect((await fetch(`${site.url}/api/runs/live/events`, { headers: last })).status).toBe(204)
  })

  test('a run that goes on from a checkpoint is told anew; one that is removed is told to be gone', async () => {
    const own = await mkdtemp(join(directory, 'reset-'))
    await cp(join(runs, 'first'), join(own, 'live'), { recursive: true })
    const file = join(own, 'live', 'events.jsonl')
    const [first, second] = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, `${first}\n${second}\n`)
    const site = await start({ runs: own })
    const events = await listen(
      '/api/runs/live/events',
      (told) => {
        if (told.length === 2) void writeFile(file, `${first}\n`)
        if (told.length === 4) void rm(join(own, 'live'), { recursive: true })
        return false
      },
      { from: site },
    )
    expect(events.map(({ type }) => type)).toEqual(['started', 'epoch', 'reset', 'started', 'removed'])
  })

  test('one stream tells of all that changes', async () => {
    const own = await mkdtemp(join(directory, 'all-'))
    const site = await start({ runs: own })
    const events = await listen(
      '/api/events',
      (told) => {
        const last = told.at(-1)?.type
        if (last === 'contents') void cp(join(runs, 'first'), join(own, 'new'), { recursive: true })
        if (last === 'run') void rm(join(own, 'new'), { recursive: true, force: true })
        return last === 'removed'
      },
      { from: site },
    )
    expect(events[0].type).toBe('contents')
    expect(events[1]).toMatchObject({ type: 'run', data: { id: 'new' } })
    expect(events.at(-1)).toMatchObject({ type: 'removed', data: { kind: 'run', id: 'new' } })
  })

  test('an evaluated run shows the images of any cell of its confusion matrix', async () => {
    const { confusion, predicted, worst } = await get('/api/runs/first/test')
    const truth = confusion.findIndex((row: number[]) => row.some((n) => n > 0))
    const said = confusion[truth].findIndex((n: number) => n > 0)
    const cell = await get(`/api/runs/first/test/images?truth=${truth}&predicted=${said}`)
    expect(cell.total).toBe(confusion[truth][said])
    for (const item of cell.items) expect(item).toEqual({ index: item.index, label: truth, predicted: said })
    expect(cell.items.every(({ index }: Loose) => predicted[index] === said)).toBe(true)
    const few = worst.slice(0, 3).map(({ index }: Loose) => index)
    const shown = await get(`/api/runs/first/test/images?index=${few}`)
    expect(shown.items.map(({ index }: Loose) => index)).toEqual(few)
    await problem(fetch(`${server.url}/api/runs/first/test/images`), 400)
    const second = encodeURIComponent('study:networks:second%20one')
    await problem(fetch(`${server.url}/api/runs/${second}/test`), 404)
  })
})

describe('data', () => {
  const id = 'silhouettes-train-300-test-60-seed-3'

  test('are listed and described', async () => {
    const { datasets } = await get('/api/data')
    expect(datasets.map(({ source }: Loose) => source)).toContain(source)
    const found = await get(`/api/data/${id}`)
    expect(found).toMatchObject({ hash: dataset.hash, counts: { train: 300, test: 60 } })
    expect(found.histogram.reduce((a: number, b: number) => a + b)).toBe(300 * 784)
    expect(await get(`/api/data/${id}/duplicates`)).toHaveProperty('groups')
    await problem(fetch(`${server.url}/api/data/folder:%2Fetc`), 404)
  })

  test('tell near-duplicates and suspicious labels where an audit of them is recorded, and only there', async () => {
    const empty = join(directory, 'audited')
    await mkdir(join(empty, 'audit'), { recursive: true })
    const before = await start({ runs: empty, data: [source] })
    expect(await get(`/api/data/${id}/duplicates`, before)).toMatchObject({ near: null })
    await problem(fetch(`${before.url}/api/data/${id}/suspects`), 404)
    const at = (part: 'train' | 'test', index: number, label: number) => ({ split: part, index, label })
    const pairs = [
      { a: at('train', 0, 0), b: at('train', 1, 0), distance: 1 },
      { a: at('train', 2, 0), b: at('test', 3, 1), distance: 9 },
    ]
    const settings = auditSettings.parse({ labels: { network: 'mlp-small', epochs: 1, folds: 2 } })
    const { labels } = (await watch(audit(settings, { data, engine }), () => {}))!.record
    const { shown: _, ...told } = labels
    const counts = [{ between: ['train', 'test'], exact: 0, near: 1, conflicting: 1 }]
    const suspected = (part: 'train' | 'test', index: number) => ({
      ...{ split: part, index, given: 0, likely: 1, probability: 0.9, selfConfidence: 0.01 },
    })
    const findings = {
      dataHash: dataset.hash,
      classNames: dataset.classNames,
      settings,
      duplicates: { counts, pairs, groups: [] },
      labels: { ...told, suspects: [suspected('test', 3), suspected('train', 5)] },
    }
    await writeFile(join(empty, 'audit', AUDIT_FILE), JSON.stringify(auditFindings.parse(findings)))
    const after = await start({ runs: empty, data: [source] })
    const { near } = await get(`/api/data/${id}/duplicates`, after)
    expect(near).toMatchObject({ path: 'audit', threshold: 10, counts, pairs: [pairs[1], pairs[0]] })
    const png = Buffer.from(near.images.sprite.split(',')[1], 'base64')
    const tile = sharp(png).extract({ left: 0, top: 0, width: 28, height: 28 }).toColorspace('b-w').raw()
    expect(new Uint8Array(await tile.toBuffer())).toEqual(new Uint8Array(imageAt(2)))

    const second = await get(`/api/data/${id}/suspects?page=1&size=1`, after)
    expect(second).toMatchObject({ path: 'audit', folds: 2, total: 2, suspects: [suspected('train', 5)] })
    const suspect = sharp(Buffer.from(second.images.sprite.split(',')[1], 'base64'))
    const bytes = await suspect.toColorspace('b-w').raw().toBuffer()
    expect(new Uint8Array(bytes)).toEqual(new Uint8Array(imageAt(5)))

    await writeFile(join(empty, 'audit', AUDIT_FILE), '{"dataHash":')
    const torn = await start({ runs: empty, data: [source] })
    expect(await get(`/api/data/${id}/duplicates`, torn)).toMatchObject({ near: null })
  })

  test('images come by class and by page, as a sprite', async () => {
    const page = await get(`/api/data/${id}/images?class=3&size=5&page=1`)
    expect(page).toMatchObject({ total: 30, columns: 3 })
    expect(page.items.map(({ label }: Loose) => label)).toEqual([3, 3, 3, 3, 3])
    const png = Buffer.from(page.sprite.split(',')[1], 'base64')
    const tile = sharp(png).extract({ left: 28, top: 0, width: 28, height: 28 }).toColorspace('b-w').raw()
    expect(new Uint8Array(await tile.toBuffer())).toEqual(new Uint8Array(imageAt(page.items[1].index)))
    expect((await get(`/api/data/${id}/images?page=99`)).items).toEqual([])
  })

  test('come as files to train on in a browser', async () => {
    const file = async (name: string) => {
      const response = await fetch(`${server.url}/api/data/${id}/files/${name}`)
      return new Uint8Array(await response.arrayBuffer())
    }
    const images = parseIdxImages(await file('train-images-idx3-ubyte'), '')
    expect(Buffer.compare(images.pixels, dataset.train.pixels)).toBe(0)
    expect(parseIdxLabels(await file('train-labels-idx1-ubyte'), '')).toEqual(dataset.train.labels)
    expect(parseIdxImages(await file('t10k-images-idx3-ubyte'), '').count).toBe(60)
    await problem(fetch(`${server.url}/api/data/${id}/files/passwd`), 400)
  })
})
