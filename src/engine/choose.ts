import { readFileSync } from 'node:fs'
import os from 'node:os'
import { InputError } from '../base/errors.ts'
import type { Arithmetic, Backend, BackendName } from './backend.ts'
import { definition } from './definition/index.ts'
import { native, nativeVariants } from './native.ts'
import { wasm } from './wasm.ts'

/** What a person may ask for; whatever is left out is chosen for the machine. */
export interface BackendWishes {
  readonly backend?: BackendName | undefined
  readonly arithmetic?: Arithmetic | undefined
  readonly threads?: number | undefined
}

export interface ChosenBackend {
  readonly backend: Backend
  readonly arithmetic: Arithmetic
  readonly threads: number
}

const backends = {
  native: () => native(),
  wasm: () => wasm,
  definition: () => definition,
} satisfies Record<BackendName, () => Backend>

const MOST_THREADS = 64
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
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return
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
export function chooseBackend(wishes: BackendWishes = {}): ChosenBackend {
  const name = wishes.backend ?? (nativeVariants().length > 0 ? 'native' : 'wasm')
  if (!Object.hasOwn(backends, name)) {
    throw new InputError({ at: 'backend', expected: Object.keys(backends).join(', '), received: `${name}` })
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

/** The command line's word for it. */
