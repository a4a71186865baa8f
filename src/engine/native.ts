import { constants } from 'node:buffer'
import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { FailureError, InputError } from '../base/errors.ts'
import type { Backend, Session, SessionOptions, Slots } from './backend.ts'
import { checkRegisters } from './checks.ts'
import { checkPlan, encode, type Plan } from './program.ts'
import { reserve } from './reserve.ts'

/** An open session of the add-on: an object that only it can read. */
interface Handle {
  readonly floats: Float32Array
  readonly registers: Int32Array
}

/** What `kernels/addon.c` exports. */
interface Addon {
  variants(): string[]
  open(plan: {
    variant: string
    fused: number
    words: number
    batch: number
    threads: number
    programs: Int32Array[]
    /** Where to work, at least `memoryBytes(words)` long; the add-on's own memory where it is undefined. */
    memory?: ArrayBuffer | undefined
  }): Handle
  memoryBytes(words: number): number
  bind(session: Handle, images: Uint8Array, labels: Uint8Array, order: Int32Array): void
  run(session: Handle, program: number): void
  close(session: Handle): void
}

const path = fileURLToPath(new URL('../../build/atelier.node', import.meta.url))
let loaded: Addon | Error | undefined

/** The add-on, or why it cannot be had; ATELIER_ADDON names another file (a sanitized build, for instance). */
function load(): Addon | Error {
  try {
    loaded ??= createRequire(import.meta.url)(process.env.ATELIER_ADDON ?? path) as Addon
  } catch (error) {
    loaded = error instanceof Error ? error : new Error(String(error))
  }
  return loaded
}

/** The add-on itself; throws with the way to get it where it is not built. */
export function addon(): Addon {
  const found = load()
  if (!(found instanceof Error)) return found
  throw new InputError(
    {
      at: 'backend native',
      expected: 'the add-on build/atelier.node',
      received: found.message.split('\n')[0],
      hint: 'Install a C compiler and run `npm rebuild atelier` (in a clone: `npm install`), or use `--backend wasm`.',
    },
    { cause: found },
  )
}

/** Variants that this processor runs, the best first; none where the add-on is not built. */
export function nativeVariants(): readonly string[] {
  const found = load()
  return found instanceof Error ? [] : found.variants()
}

/** ATELIER_VARIANT forces one of the variants that this processor runs. */
function chosenVariant(wanted = process.env.ATELIER_VARIANT): string {
  const variants = addon().variants()
  if (!wanted) return variants[0]
  if (variants.includes(wanted)) return wanted
  throw new InputError({
    at: 'ATELIER_VARIANT',
    expected: `one of ${variants.join(', ')}, which this processor runs`,
    received: wanted,
  })
}

/** What the add-on refused, as data. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ATELIER_SYSTEM') return new FailureError(`native: ${error.message}`, { cause: error })
  if (error.code !== 'ATELIER_REFUSED') return error
  const parts = { at: 'native', expected: 'programs that the kernels can run', received: error.message }
  return new InputError(parts, { cause: error })
}

/** Opens a session in memory of the add-on's own, or in the engine's where the engine makes no array buffer over the former. */
function openHandle(kernels: Addon, request: Parameters<Addon['open']>[0]): Handle {
  const open = (memory?: ArrayBuffer) => {
    try {
      return kernels.open({ ...request, memory })
    } catch (error) {
      throw refusal(error)
    }
  }
  const bytes = kernels.memoryBytes(request.words)
  const lend = () => open(reserve(`${bytes} bytes`, () => new ArrayBuffer(bytes)))
  if (bytes > constants.MAX_LENGTH) return lend()
  try {
    return open()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ATELIER_NO_EXTERNAL') return lend()
    throw error
  }
}

function open(variant: string, plan: Plan, { arithmetic, threads }: SessionOptions): Session {
  checkPlan(plan)
  const kernels = addon()
  const names = Object.keys(plan.programs)
  const { words, batch } = plan
  const programs = names.map((name) => encode(plan.programs[name]))
  const fused = arithmetic === 'fused' ? 1 : 0
  const handle = openHandle(kernels, { variant, fused, words, batch, threads, programs })
  const numbers = new Map(names.map((name, number) => [name, number]))
  let slots: Slots | undefined
  let isOpen = true
  return {
    floats: handle.floats,
    registers: handle.registers,
    bind(arrays) {
      kernels.bind(handle, arrays.images, arrays.labels ?? new Uint8Array(0), arrays.order)
      slots = arrays
    },
    run(program) {
      try {
        kernels.run(handle, numbers.get(program) ?? -1)
      } catch (error) {
        // The same in better words, where it is about registers and slots.
        if (isOpen) checkRegisters(handle.registers, plan, plan.programs[program], slots)
        throw refusal(error)
      }
    },
    close() {
      isOpen = false
      kernels.close(handle)
    },
  }
}

/** The C kernels as a Node add-on, in the best variant for this processor or in a given one. */
export function native(variant?: string): Backend {
  const name = chosenVariant(variant)
  return {
    name: 'native',
    variant: name,
    arithmetics: ['strict', 'fused'],
    open: (plan, options) => open(name, plan, options),
  }
}
