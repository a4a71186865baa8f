import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawSilhouettes } from '../src/data/silhouettes/silhouettes.ts'
import { chooseBackend } from '../src/engine/choose.ts'
import { network } from '../src/model/named.ts'
import type { Network } from '../src/model/network.ts'
import { contender, openFilled } from './ours.ts'
import { plain } from './tables.ts'

/**
 * Is a step late in training as fast as an early one, and does memory stay where it is? Both networks are the same but
 * for their age, and are timed in turn, so that a busy machine slows both.
 *
 *   node bench/run.mjs endurance [NETWORK…]
 */
const [YOUNG, OLD] = [200, 5000]
/** So few steps a round that the young one stays young. */
const [ROUNDS, STEPS] = [40, 4]
/** Of a step's time; and of memory, in MiB. */
const [SLOWER, GREATER] = [0.05, 8]
const SMALLEST_NORMAL = 2 ** -126

const residentMebibytes = () => process.memoryUsage.rss() / 2 ** 20

/** Pictures with black borders and units that die of them, unlike noise: there velocities fade away. */
const pictures = drawSilhouettes(1, 'train', 4096)

/** On one thread: two would measure, above all, how they wait for each other. */
function open(name: string) {
  const opened = openFilled(network(name), chooseBackend({ threads: 1 }), 32).network
  const order = Int32Array.from(pictures.labels.keys())
  const examples = { pixels: pictures.pixels, labels: pictures.labels, order }
  return { opened, timed: contender(name, { network: opened, examples }, 'train') }
}

/** Velocities so small that processors take many times as long over them. */
function countSubnormals(network: Network): number {
  const [velocities] = network.state() as readonly Float32Array[]
  return velocities.filter((v) => v !== 0 && Math.abs(v) < SMALLEST_NORMAL).length
}

/** The least times, which nothing disturbed: a slowness of the data itself would be in them, too. */
async function ages(name: string) {
  const [young, old] = [open(name), open(name)]
  await young.timed.run(YOUNG)
  await old.timed.run(YOUNG)
  const before = residentMebibytes()
  await old.timed.run(OLD - YOUNG)
  const grown = residentMebibytes() - before
  let [first, second] = [Infinity, Infinity]
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(5)
    first = Math.min(first, (await young.timed.run(STEPS)) / STEPS)
    second = Math.min(second, (await old.timed.run(STEPS)) / STEPS)
  }
  const subnormals = countSubnormals(old.opened)
  for (const { timed } of [young, old]) timed.close()
  return { name, young: first, old: second, ratio: second / first, grown, subnormals }
}

type Ages = Awaited<ReturnType<typeof ages>>

const isSound = ({ ratio, grown, subnormals }: Ages) =>
  ratio <= 1 + SLOWER && grown <= GREATER && subnormals === 0

const names = process.argv.slice(2)
const results: Ages[] = []
for (const name of names.length > 0 ? names : ['mlp-medium', 'cnn-small', 'cnn-medium']) {
  process.stderr.write(`${name}: ${OLD} steps…\n`)
  results.push(await ages(name))
}
const rows = results.map((result) => [
  result.name,
  result.young.toFixed(3),
  result.old.toFixed(3),
  result.ratio.toFixed(3),
  result.grown.toFixed(1),
  `${result.subnormals}`,
  isSound(result) ? 'sound' : 'not sound',
])
const head = [
  'network',
  `ms after ${YOUNG}`,
  `ms after ${OLD}`,
  'ratio',
  'MiB more',
  'subnormal velocities',
  '',
]
process.stdout.write(`${plain([head, ...rows])}\n`)
process.exitCode = results.every(isSound) ? 0 : 1
