// What one client can do to another: starts a server as a user does, does to it what was done to it once, and measures
// meanwhile how long a second client waits for /healthz, and the peak of the server's memory (Linux). Not part of `npm test`,
// since it measures time. `npm run test:attacks [NAME…]`; needs dist/.

import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Milliseconds that a client may be kept waiting by another, and MiB that a server may take. */
const WAIT = 200
const MEMORY = 1024
const main = join(root, 'dist/cli/main.js')

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A server that refuses a body closes its connection while the body is still being sent. */
const ignore = () => {}

/** Sends a request; resolves to its status, or to 0 where the connection ended. */
const send = (url, { method = 'GET', body, headers = {}, agent } = {}) =>
  new Promise((resolve) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      response.on('end', () => resolve(response.statusCode)).on('error', () => resolve(0))
      response.resume()
    })
    sent.on('error', () => resolve(0))
    sent.on('socket', (socket) => socket.off('error', ignore).on('error', ignore))
    sent.end(body)
  })

// ---- the other client: a thread of its own, so that nothing of the attacker's keeps it waiting

async function watchHealth(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let isOver = false
  let worst = 0
  let count = 0
  let failed = 0
  parentPort.on('message', () => {
    isOver = true
  })
  while (!isOver) {
    const began = performance.now()
    const status = await send(`${url}/healthz`, { agent })
    worst = Math.max(worst, performance.now() - began)
    count += 1
    if (status !== 200) failed += 1
    await sleep(10)
  }
  agent.destroy()
  parentPort.postMessage({ worst, count, failed })
  parentPort.close()
}

/** Watches how long another client waits until it is told to stop. */
function healthOf(url) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { url } })
  const told = new Promise((resolve) => worker.once('message', resolve))
  return () => {
    worker.postMessage('over')
    return told
  }
}

// ---- the server

async function startServer(runs) {
  const args = [main, 'serve', '--port', '0', '--runs', runs, '--quiet', '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-4000)
  })
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
  const text = await new Promise((resolve, reject) => {
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out.trimEnd().endsWith('}')) resolve(out)
    })
    ended.then(() => reject(new Error(`The server did not start: ${said}`)))
  })
  const status = (name) => {
    const found = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
    return Number(found?.[1]) / 1024
  }
  return {
    url: JSON.parse(text).url,
    peak: () => status('VmHWM'),
    resident: () => status('VmRSS'),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    said: () => said,
    /** Asks it to end as a user does, and says whether it did. */
    async stop() {
      child.kill('SIGTERM')
      const how = await Promise.race([ended, sleep(40_000).then(() => 'still running')])
      if (how === 'still running') child.kill('SIGKILL')
      return how
    },
  }
}

// ---- what is sent

const picture = { 'content-type': 'image/png' }
const post = (url, body, more = {}) =>
  send(`${url}/api/recognize${more.query ?? ''}`, {
    method: 'POST',
    body,
    headers: { 'content-length': body.length, ...picture, ...more.headers },
    agent: more.agent,
  })

/** So many clients, each of which sends one request after the other for some seconds; counts the statuses. */
async function clients(count, seconds, ask) {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const statuses = {}
  const end = performance.now() + 1000 * seconds
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      while (performance.now() < end) {
        const status = await ask(agent, i)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }),
  )
  agent.destroy()
  return statuses
}

const times = (count, work) => Promise.all(Array.from({ length: count }, (_, i) => work(i)))
const tally = (statuses) =>
  Object.fromEntries([...new Set(statuses)].map((s) => [s, statuses.filter((t) => t === s).length]))

async function pictures() {
  const sharp = (await import('sharp')).default
  const blank = (width, height, channels = 3) =>
    sharp({ create: { width, height, channels, background: '#306090' }, limitInputPixels: false })
  const noise = await sharp({
    create: {
      ...{ width: 640, height: 480, channels: 3, background: 'white' },
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer()
  return {
    photograph: noise,
    wide: await blank(2_000_000, 1).png().toBuffer(),
    progressive: await blank(7000, 7000).jpeg({ progressive: true, quality: 50 }).toBuffer(),
    interlaced: await blank(6000, 4000).png({ progressive: true, compressionLevel: 6 }).toBuffer(),
    webp: await blank(7000, 7000, 4).webp({ lossless: true, effort: 0 }).toBuffer(),
    allowed: await blank(3500, 2500).jpeg({ progressive: true, quality: 50 }).toBuffer(),
  }
}

/** A weights file of some hundred bytes, of a network that looks at images of 20,000 by 20,000 pixels. */
async function hugeNetwork(side) {
  const at = (name) => import(join(root, 'dist', name))
  const { input, conv2d, globalAveragePool2d, dense, model } = await at('model/functional.js')
  const { encodeModelFile } = await at('record/model-file.js')
  const { unitInterval } = await at('model/network.js')
  const image = [side, side, 1]
  const inputs = input(image)
  const pooled = globalAveragePool2d({})(conv2d({ filters: 2, kernel: 1 })(inputs))
  const outputs = dense({ units: 2, activation: 'softmax' })(pooled)
  const spec = model({ inputs, outputs, name: 'huge' })
  const tensor = (name, shape) => ({ name, shape, values: new Float32Array(shape.reduce((a, b) => a * b)) })
  const { resolve } = await at('model/spec.js')
  const tensors = resolve(spec).nodes.flatMap((node) =>
    node.parameters.map(({ name, shape }) => tensor(`${node.name}/${name}`, shape)),
  )
  const file = { name: 'huge', spec, tensors, classNames: ['a', 'b'], preprocessing: unitInterval }
  return encodeModelFile({ ...file, imageShape: image, arithmetic: 'strict', metadata: {} })
}

/** The directories of records that servers serve: a sound run, and some that are not; and a search. */
async function records() {
  const directory = mkdtempSync(join(tmpdir(), 'atelier-attacks-'))
  const runs = join(directory, 'runs')
  mkdirSync(runs)
  const sound = join(runs, 'sound')
  const atelier = (...args) => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  const data = 'silhouettes:train=300,test=60,seed=3'
  atelier('train', '--data', data, '--model', 'mlp-small', '--epochs', '1', '--out', sound, '--quiet')
  atelier('evaluate', sound, '--quiet')
  const copy = (name) => {
    cpSync(sound, join(runs, name), { recursive: true })
    return (file) => join(runs, name, file)
  }
  for (const [name, side] of [
    ['huge', 20_000],
    ['large', 9000],
  ])
    writeFileSync(copy(name)('weights.safetensors'), await hugeNetwork(side))
  writeFileSync(copy('broken')('weights.safetensors'), 'no weights')
  const million = copy('million')('manifest.json')
  const text = readFileSync(million, 'utf8')
  writeFileSync(million, text.replaceAll(data, 'silhouettes:train=1000000,test=60,seed=3'))
  const pipes = copy('pipes')
  for (const file of ['manifest.json', 'events.jsonl', 'weights.safetensors', 'test.json']) {
    rmSync(pipes(file), { force: true })
    spawnSync('mkfifo', [pipes(file)])
  }
  const searches = join(directory, 'searches')
  mkdirSync(searches)
  await wideSearch(join(searches, 'wide'))
  return { directory, runs, searches }
}

/** A search whose space has a condition on a range of fifty million values. */
async function wideSearch(directory) {
  const { OP, DIRECTION } = await import(join(root, 'dist/tuning/journal/operations.js'))
  const { SETTINGS } = await import(join(root, 'dist/tuning/journal/replay.js'))
  const { conditionOf, integers, range } = await import(join(root, 'dist/tuning/domain.js'))
  const when = conditionOf({ units: { atLeast: 2 } })
  const parameters = {
    units: integers(1, 50_000_000),
    rate: { ...range(0, 1), when },
    layers: { ...integers(1, 50_000_000), when },
  }
  const settings = {
    definition: { space: { name: 'wide', parameters } },
    ...{ sampler: 'random', pruner: { kind: 'none', options: {} }, metric: 'val-loss', seed: 1, repeats: 1 },
  }
  const lines = [
    { op_code: OP.createStudy, study_name: 'wide', directions: [DIRECTION.minimize] },
    { op_code: OP.setStudyUserAttr, study_id: 0, user_attr: { [SETTINGS]: settings } },
  ]
  mkdirSync(directory)
  const text = lines.map((line) => `${JSON.stringify({ worker_id: 'w', ...line })}\n`).join('')
  writeFileSync(join(directory, 'journal.log'), text)
}

/** Eight at once, again and again. */
const overAndOver = (url, body, { headers = {}, query = '' } = {}) =>
  clients(8, 5, (agent) => post(url, body, { agent, headers, query }))

const attacks = {
  'nothing (to compare with)': () => sleep(3000),
  '9: a small weights file of a network that needs gigabytes': (url, { photograph }) =>
    clients(4, 4, (agent, i) =>
      post(url, photograph, { agent, query: `?model=${i % 2 === 0 ? 'huge' : 'large'}` }),
    ),
  '10: a wide picture': (url, { wide }) => overAndOver(url, wide),
  '10: a progressive JPEG of 7000×7000': (url, { progressive }) => overAndOver(url, progressive),
  '10: an interlaced PNG': (url, { interlaced }) => overAndOver(url, interlaced),
  '10: a WebP of 38 bytes': (url, { webp }) => overAndOver(url, webp),
  '10: 24 large pictures at once': async (url, { allowed }) =>
    tally(await times(24, () => post(url, allowed))),
  '11: a search over a wide range with conditions': (url) =>
    clients(4, 3, (agent, i) => send(`${url}/api/searches${i % 2 === 0 ? '' : '/wide'}`, { agent })),
  '14: pipes for files of a record': async (url, { photograph }) => {
    const paths = [
      '/api/runs',
      '/api/runs/pipes',
      '/api/runs/pipes/test',
      '/api/runs/pipes/test/images?index=1',
    ]
    const read = paths.map((path) => send(url + path))
    return tally(await Promise.all([...read, post(url, photograph, { query: '?model=pipes' })]))
  },
  '15: 200,000 parts': (url) => {
    const part = '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n'
    const body = Buffer.from(`${part.repeat(200_000)}--x--\r\n`)
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    return overAndOver(url, body, { headers })
  },
  '15: 64 bodies that are announced and do not come': async (url, { photograph }) => {
    const { port } = new URL(url)
    const sockets = await times(64, async () => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
      const head = 'POST /api/recognize HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\n'
      socket.write(`${head}content-length: 16000000\r\n\r\n\x89PNG`)
      return socket
    })
    await sleep(500)
    const others = tally(await times(20, () => post(url, photograph)))
    for (const socket of sockets) socket.destroy()
    return others
  },
  '15: a run that names a million silhouettes': (url) =>
    clients(4, 4, (agent) => send(`${url}/api/runs/million/test/images?index=1`, { agent })),
  '15: data sets are drawn': (url) =>
    clients(4, 6, (agent, i) => {
      const paths = ['silhouettes', 'silhouettes/images?size=500', 'silhouettes/duplicates']
      return send(`${url}/api/data/${paths[i % paths.length]}`, { agent })
    }),
  '15: 128 clients send photographs': (url, { photograph }) =>
    clients(128, 10, (agent) => post(url, photograph, { agent })),
  '15: 900 clients send photographs': (url, { photograph }) =>
    clients(900, 10, (agent) => post(url, photograph, { agent })),
}

async function flat(url, resident) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const after = []
  for (let thousand = 0; thousand < 50; thousand++) {
    for (let i = 0; i < 1000; i += 50) await times(50, () => send(`${url}/api/runs`, { agent }))
    if (thousand % 10 === 9) after.push(Math.round(resident()))
  }
  agent.destroy()
  return after
}

async function run() {
  const { directory, runs, searches } = await records()
  const sent = await pictures()
  const wanted = process.argv.slice(2)
  const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part))
  let failed = 0
  console.log(
    `worst /healthz of another client (bar ${WAIT} ms), peak memory (bar ${MEMORY} MiB); ${availableParallelism()} cores`,
  )
  for (const [name, attack] of Object.entries(attacks).filter(([name]) => isWanted(name))) {
    const server = await startServer(name.startsWith('11') ? searches : runs)
    await post(server.url, sent.photograph) // the threads are there
    const over = healthOf(server.url)
    await sleep(300)
    const came = await attack(server.url, sent)
    await sleep(300)
    const { worst, count, failed: unanswered } = await over()
    const isAlive = server.isAlive()
    const peak = isAlive ? server.peak() : Number.NaN
    const end = await server.stop()
    const isGood = isAlive && worst <= WAIT && unanswered === 0 && peak <= MEMORY && end === 0
    if (!isGood) failed += 1
    const figures = `${worst.toFixed(0).padStart(6)} ms of ${count}, ${peak.toFixed(0).padStart(5)} MiB`
    console.log(`${isGood ? 'ok  ' : 'BAD '} ${figures}  ${name}  ${JSON.stringify(came ?? {})}`)
    if (unanswered > 0) console.log(`     ${unanswered} without an answer`)
    if (!isAlive || end !== 0) console.log(`     it ended with ${end}: ${server.said().slice(-500)}`)
  }
  if (isWanted('50,000 requests')) {
    const server = await startServer(runs)
    const after = await flat(server.url, server.resident)
    const isFlat = after.at(-1) - after[1] < 32
    if (!isFlat) failed += 1
    console.log(`${isFlat ? 'ok  ' : 'BAD '} 50,000 requests: MiB after each 10,000: ${after.join(', ')}`)
    await server.stop()
  }
  rmSync(directory, { recursive: true })
  process.exit(failed === 0 ? 0 : 1)
}

if (isMainThread) await run()
else await watchHealth(workerData.url)
