// The server under load: `node bench/serve.mjs [--seconds 20] [--connections 32] [--model RUN]`, after `npm run build`.
// Uses autocannon from npm, through npx; it is no dependency. Prints one JSON document.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { drawSilhouettes } from '../dist/data/silhouettes/silhouettes.js'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
    model: { type: 'string' },
  },
})
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const directory = await mkdtemp(join(tmpdir(), 'atelier-serve-'))
const runs = join(directory, 'runs')

/** Runs a command to its end; returns its standard output. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let [out, err] = ['', '']
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      err += text
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command}: ${code}\n${err}`)),
    )
  })
}

/** Starts the server; resolves with its address once it listens. */
function serve(model) {
  const args = [main, 'serve', '--port', '0', '--json', '--quiet', '--runs', runs, '--model', model]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => {
    child.on('close', resolve)
  })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (more) => {
      text += more
      if (text.trimEnd().endsWith('}')) resolve({ child, ended, url: JSON.parse(text).url })
    })
    child.on('error', reject)
    ended.then((code) => reject(new Error(`serve ended with ${code}`)))
  })
}

/** One of the server's own figures. */
const metric = async (url, name) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} ([\\d.e+]+)`, 'm').exec(text)[1])
}
const mebibytes = async (url) => (await metric(url, 'process_resident_memory_bytes')) / 2 ** 20

/** Clients that ask until they are refused the connection; counts requests that got no whole answer. */
async function lostOnTermination(server, picture) {
  let [answered, lost] = [0, 0]
  const client = async () => {
    for (;;) {
      try {
        const response = await fetch(`${server.url}/api/recognize`, {
          method: 'POST',
          body: picture,
          headers,
        })
        await response.arrayBuffer()
        if (response.status === 200) answered += 1
        else lost += 1
      } catch (error) {
        const code = error.cause?.code
        if (code === 'ECONNREFUSED') return // never accepted
        lost += 1
        return
      }
    }
  }
  const clients = Array.from({ length: 16 }, client)
  await sleep(1500)
  const began = performance.now()
  server.child.kill('SIGTERM')
  const code = await server.ended
  const seconds = (performance.now() - began) / 1000
  await Promise.all(clients)
  return { answered, lost, exitCode: code, secondsToEnd: Number(seconds.toFixed(2)) }
}

const headers = { 'content-type': 'image/png' }
const images = drawSilhouettes(1, 'test', 1)
const picture = await sharp(images.pixels, { raw: { width: 28, height: 28, channels: 1 } })
  .png()
  .toBuffer()
const file = join(directory, 'picture.png')
await writeFile(file, picture)
let server
try {
  const training = ['--model', 'cnn-medium', '--data', 'silhouettes:train=1000,test=100', '--epochs', '1']
  const model = flags.model ?? join(directory, 'model')
  if (flags.model === undefined)
    await run(process.execPath, [main, 'train', ...training, '--quiet', '--out', model])
  server = await serve(model)
  const load = async (duration) => {
    const options = {
      url: `${server.url}/api/recognize`,
      connections: Number(flags.connections),
      duration,
      headers,
      file,
    }
    const path = join(directory, 'load.json')
    await writeFile(path, JSON.stringify(options))
    const tool = fileURLToPath(new URL('autocannon.mjs', import.meta.url))
    return JSON.parse(await run('npm', ['exec', '--yes', '--package=autocannon@8', '--', 'node', tool, path]))
  }
  await load(3) // warms up
  const memory = [await mebibytes(server.url)]
  const timer = setInterval(
    () => {
      mebibytes(server.url).then(
        (now) => memory.push(now),
        () => {},
      )
    },
    Math.max(1000, 50 * Number(flags.seconds)),
  )
  const processor = () => metric(server.url, 'process_cpu_seconds_total')
  const before = await processor()
  const result = await load(Number(flags.seconds))
  const spent = (await processor()) - before
  clearInterval(timer)
  const sum = await metric(server.url, 'atelier_batch_images_sum')
  const count = await metric(server.url, 'atelier_batch_images_count')
  const { latency, requests, errors, timeouts, non2xx } = result
  const termination = await lostOnTermination(server, picture)
  const document = {
    connections: Number(flags.connections),
    seconds: Number(flags.seconds),
    pictureBytes: picture.length,
    requestsPerSecond: requests.average,
    requests: requests.total,
    milliseconds: { p50: latency.p50, p97_5: latency.p97_5, p99: latency.p99, max: latency.max },
    failed: { errors, timeouts, non2xx },
    // What a request costs the server, whatever else the machine does meanwhile.
    processorMillisecondsPerRequest: Number(((1000 * spent) / requests.total).toFixed(3)),
    loadAverage: loadavg()[1],
    imagesPerBatch: Number((sum / count).toFixed(2)),
    residentMebibytes: memory.map(Math.round),
    termination,
  }
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
} finally {
  server?.child.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
}
