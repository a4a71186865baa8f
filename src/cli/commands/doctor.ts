import type { Arithmetic, Backend } from '../../engine/backend.ts'
import type { Command } from '../command.ts'
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
  const { measurePeak } = await import('../../engine/peak.ts')
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
  const { fingerprint, fingerprints } = await import('../../training/fingerprint.ts')
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

export const doctorCommand: Command = {
  name: 'doctor',
  args: [],
  summary: 'say what this machine is and what Atelier uses of it',
  flags: [],
  async run({ terminal }) {
    const { environment } = await import('../../record/environment.ts')
    const { chooseBackend } = await import('../../engine/choose.ts')
    const { findKnownSets } = await import('../../data/known-sets.ts')
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
  },
}
