import { readFileSync } from 'node:fs'
import os from 'node:os'
import { InputError } from '../base/errors.ts'
import {
  type Backend,
  type BackendName,
  type Engine,
  type EngineChoice,
  engineSpec,
  MOST_THREADS,
} from './backend.ts'
import { native, nativeVariants } from './native.ts'
import { reference } from './reference/index.ts'
import { wasm } from './wasm.ts'

const backends = {
  native: () => native(),
  wasm: () => wasm,
  reference: () => reference,
  definition: () => reference,
} satisfies Record<BackendName, () => Backend>

/** These networks are small: beyond this, threads wait for each other more than they work. */
const THREADS_THAT_HELP = 8

/** Hardware threads that share one core; 1 where the system does not say. */
function threadsPerCore(): number {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8')
    const number = (name: string) => Number(new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm').exec(text)?.[1])
    return Math.max(Math.round(number('siblings') / number('cpu cores')) || 1, 1)
  } catch {
    return 1
  }
}

/** One thread a core that this process may use: two on a core would share its multipliers. */
export function defaultThreads(): number {
  return Math.max(1, Math.min(THREADS_THAT_HELP, Math.floor(os.availableParallelism() / threadsPerCore())))
}

function checkThreads(threads: number) {
  if (engineSpec.shape.threads.safeParse(threads).success) return
  throw new InputError({
    at: 'threads',
    expected: `a whole number from 1 to ${MOST_THREADS}`,
    received: `${threads}`,
  })
}

/** Without the instruction, a fused multiply-add is a call: a hundred times slower, and there only to repeat a record. */
const fusesFast = ({ arithmetics, variant }: Backend) =>
  arithmetics.includes('fused') && variant !== 'baseline'

/** The backend, arithmetic and threads for a run: native and fused where the add-on loads, else WebAssembly. */
export function chooseBackend(wishes: EngineChoice = {}): Engine {
  const name = wishes.backend ?? (nativeVariants().length > 0 ? 'native' : 'wasm')
  if (!Object.hasOwn(backends, name)) {
    throw new InputError({ at: 'backend', expected: 'native, wasm or reference', received: `${name}` })
  }
  const backend = backends[name]()
  const arithmetic = wishes.arithmetic ?? (fusesFast(backend) ? 'fused' : 'strict')
  if (!backend.arithmetics.includes(arithmetic)) {
    throw new InputError({
      at: 'arithmetic',
      expected: `${backend.arithmetics.join(' or ')} on the ${name} backend`,
      received: `${arithmetic}`,
      hint: 'Fused arithmetic needs the native add-on: `--backend native`.',
    })
  }
  const threads = wishes.threads ?? (name === 'native' ? defaultThreads() : 1)
  checkThreads(threads)
  return { backend, arithmetic, threads }
}
