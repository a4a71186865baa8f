import process from 'node:process'
import { nativeVariants } from '../src/engine/native.ts'
import { appendRun, type BenchRun, beginRun } from './history.ts'
import { benchInference } from './inference.ts'
import { benchKernels } from './kernels.ts'
import { benchNetwork, type NetworkResult, withShares } from './networks.ts'
import { type Options, readOptions } from './options.ts'
import { howToInstall } from './peers/index.ts'
import { inferenceTable, kernelTable, plain, stepTable, verdictTable } from './tables.ts'

const note = (text: string) => process.stderr.write(`${text}\n`)

async function benchNetworks(options: Options): Promise<NetworkResult[]> {
  const results: NetworkResult[] = []
  for (const name of options.networks) {
    note(`Training steps of ${name}…`)
    results.push(await benchNetwork(name, options))
  }
  return withShares(results)
}

function print(run: BenchRun) {
  const tables = [
    ...run.networks.map(stepTable),
    ...(run.kernels.length > 0 ? [kernelTable(run.kernels)] : []),
    ...(run.inference.length > 0 ? [inferenceTable(run.inference)] : []),
    ...(run.networks.length > 0 ? [verdictTable(run.networks)] : []),
  ]
  process.stdout.write(`${tables.map(plain).join('\n\n')}\n`)
  const peak = run.networks[0]?.peak.map((rate) => rate.toFixed(0)).join(' and ')
  if (peak)
    note(
      `\nFused peak (${run.variant}): ${peak} GFLOP/s on one thread and on two, measured in the same rounds.`,
    )
  const missing = new Set(run.networks.flatMap((result) => result.missing))
  for (const line of missing) note(`Left out: ${line}`)
  if (options.peers && missing.size > 0) note(howToInstall)
}

const options = readOptions(process.argv.slice(2))
if (nativeVariants().length === 0) {
  note('bench: the native kernels are not built; npm install builds them where there is a C compiler.')
  process.exit(1)
}
const began = beginRun(options)
if (began.load > 0.5) note(`The machine is busy (load ${began.load.toFixed(1)}): these numbers will be too.`)
const has = (section: Options['sections'][number]) => options.sections.includes(section)
const networks = has('networks') ? await benchNetworks(options) : []
if (has('kernels')) note('Kernels…')
const kernels = has('kernels') ? await benchKernels(options) : []
if (has('inference')) note('Inference…')
const inference = has('inference') ? await benchInference(options) : []
const run: BenchRun = { ...began, networks, kernels, inference }
if (options.save) appendRun(run)
if (options.json) process.stdout.write(`${JSON.stringify(run, null, 2)}\n`)
else print(run)
