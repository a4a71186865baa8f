import { findKnownSets } from '../../data/known-sets.ts'
import type { Arithmetic, Backend } from '../../engine/backend.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { measurePeak } from '../../engine/peak.ts'
import { environment } from '../../record/environment.ts'
import { fingerprint, fingerprints } from '../../training/fingerprint.ts'
import type { Invocation, Outcome } from '../command.ts'
import { columns } from '../terminal.ts'

/** Billions of operations a second: of one thread, and of all that a run would use. */
interface PeakRow {
  readonly arithmetic: Arithmetic
  readonly oneThread: number
  readonly allThreads: number
}

/** What the processor reaches at best; nothing where the backend has no way to measure it. */
async function peaks({ name, variant, arithmetics }: Backend, threads: number): Promise<PeakRow[]> {
  if (name !== 'native') return []
  return arithmetics.map((arithmetic) => ({
    arithmetic,
    oneThread: measurePeak({ variant, arithmetic, threads: 1 }),
    allThreads: measurePeak({ variant, arithmetic, threads }),
  }))
}

interface FingerprintRow {
  readonly arithmetic: Arithmetic
  readonly found: string
  readonly expected: string
  readonly agrees: boolean
}

/** Every arithmetic of the backend, held to what all machines should give. */
async function fingerprintRows(backend: Backend, threads: number): Promise<FingerprintRow[]> {
  return backend.arithmetics.map((arithmetic) => {
    const found = fingerprint({ backend, arithmetic, threads })
    return {
      arithmetic,
      found,
      expected: fingerprints[arithmetic],
      agrees: found === fingerprints[arithmetic],
    }
  })
}

const peakCell = ({ oneThread, allThreads }: PeakRow, threads: number) =>
  `${oneThread.toFixed(0)} GFLOP/s on one thread, ${allThreads.toFixed(0)} on ${threads}`

const fingerprintCell = ({ found, expected, agrees }: FingerprintRow) =>
  agrees ? `${found}, as everywhere` : `${found}, but ${expected} is expected: please report this machine`

export async function run({ terminal }: Invocation): Promise<Outcome> {
  const { backend, arithmetic, threads } = chooseBackend()
  const machine = environment()
  const data = await findKnownSets()
  const peak = await peaks(backend, threads)
  const fingerprint = await fingerprintRows(backend, threads)
  terminal.document({
    environment: machine,
    backend: backend.name,
    variant: backend.variant,
    arithmetic,
    threads,
    peak,
    fingerprint,
    data,
  })
  terminal.print(
    columns([
      ['what', 'found'],
      ['Atelier', machine.atelier],
      ['Node', `${machine.node} on ${machine.platform}`],
      ['Processor', `${machine.cpu}, ${machine.cores} hardware threads`],
      ['Memory', `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
      ['Engine', `${backend.name} (${backend.variant}), ${arithmetic} arithmetic, ${threads} threads`],
      ...peak.map((row) => [`Peak, ${row.arithmetic}`, peakCell(row, threads)]),
      ...fingerprint.map((row) => [`Fingerprint, ${row.arithmetic}`, fingerprintCell(row)]),
      ...data.map(({ title, where }) => [title, where ?? 'not here (downloaded when needed)']),
    ]),
  )
  return 'done'
}
