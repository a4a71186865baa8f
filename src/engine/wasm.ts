import { InputError, ShapeError } from '../base/errors.ts'
import { type Backend, REGISTERS, type Session, type SessionOptions, type Slots } from './backend.ts'
import { checkRegisters, type SlotSizes } from './checks.ts'
import { operations } from './operations.ts'
import { checkPlan, encode, type Plan, RECORD } from './program.ts'
import { memoryRefused, reserve } from './reserve.ts'
import { wasmBinary } from './wasm-binary.ts'

/** What `kernels/wasm.c` exports; addresses are in bytes, 0 where the system refuses memory. */
interface Kernels {
  readonly memory: WebAssembly.Memory
  allocate(bytes: number): number
  open(words: number, batch: number, programs: number, count: number): number
  why_program(): number
  why_instruction(): number
  why_operand(): number
  why_reason(): number
  floats(): number
  order(): number
  bind(images: number, labels: number): number
  run(program: number, count: number, step: number, epoch: number): void
}
const OPENED = { well: 0, unsound: 1 } as const

/** What a memory of WebAssembly holds: 4 GiB. */
const MOST_BYTES = 2 ** 32

function checkBytes(bytes: number, what: string): void {
  if (bytes < MOST_BYTES) return
  throw new ShapeError({
    at: `wasm: ${what}`,
    expected: `less than ${MOST_BYTES} bytes`,
    received: `${bytes}`,
    hint: 'The backend `native` holds more.',
  })
}

let compiled: WebAssembly.Module | undefined

/** Compiles once; every session has an instance, and so a memory, of its own. */
function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(wasmBinary), (letter) => letter.charCodeAt(0)))
  const module = compiled
  const instance = reserve('a module', () => new WebAssembly.Instance(module))
  return instance.exports as unknown as Kernels
}

/** An address as the module returned it, a signed number, where memory was granted. */
function granted(address: number, what: string): number {
  if (address === 0) throw memoryRefused(what)
  return address >>> 0
}

/** Puts the encoded programs into the module's memory: a table of (address, length), then the programs. */
function writePrograms(kernels: Kernels, programs: readonly Int32Array[]): number {
  const table = granted(kernels.allocate(8 * programs.length), 'programs')
  programs.forEach((program, i) => {
    const address = granted(kernels.allocate(program.byteLength), 'programs')
    new Int32Array(kernels.memory.buffer, address, program.length).set(program)
    new Int32Array(kernels.memory.buffer, table + 8 * i, 2).set([address, program.length / RECORD.words])
  })
  return table
}

function readText(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer, address)
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
}

/** What the kernels' own checks found in a program that `checkPlan` let pass. */
function unsound(kernels: Kernels, plan: Plan): InputError {
  const [name, program] = Object.entries(plan.programs)[kernels.why_program()]
  const { operation } = program[kernels.why_instruction()]
  const operand = Object.keys(operations[operation].operands)[kernels.why_operand()]
  return new InputError({
    at: [`program ${name}`, operation, operand].filter((part) => part !== undefined).join(': '),
    expected: 'a sound instruction',
    received: readText(kernels.memory, kernels.why_reason()),
  })
}

function openSession(plan: Plan): Kernels {
  checkBytes(4 * plan.words, 'memory')
  const kernels = instantiate()
  const programs = Object.values(plan.programs).map(encode)
  const outcome = kernels.open(plan.words, plan.batch, writePrograms(kernels, programs), programs.length)
  if (outcome === OPENED.unsound) throw unsound(kernels, plan)
  if (outcome !== OPENED.well) throw memoryRefused(`${plan.words} words`)
  return kernels
}

/** Copies images and labels into the module's memory, which may move by that; how much was copied is checked at every run. */
function copySlots(kernels: Kernels, { images, labels = new Uint8Array(0), order }: Slots): SlotSizes {
  checkBytes(images.length + labels.length, 'images')
  const start = granted(kernels.bind(images.length, labels.length), `${images.length} bytes of images`)
  const bytes = new Uint8Array(kernels.memory.buffer, start, images.length + labels.length)
  bytes.set(images)
  bytes.set(labels, images.length)
  return {
    images: { length: images.length },
    labels: labels.length > 0 ? { length: labels.length } : undefined,
    order,
  }
}

function open(plan: Plan, { arithmetic }: SessionOptions): Session {
  if (arithmetic !== 'strict') {
    throw new InputError({ at: 'wasm: arithmetic', expected: 'strict', received: arithmetic })
  }
  checkPlan(plan)
  let kernels: Kernels | undefined = openSession(plan)
  const { memory } = kernels
  const [floatsAt, orderAt] = [kernels.floats() >>> 0, kernels.order() >>> 0]
  const numbers = new Map(Object.keys(plan.programs).map((name, number) => [name, number]))
  const registers = new Int32Array(REGISTERS.words)
  let floats = new Float32Array(memory.buffer, floatsAt, plan.words)
  let slots: SlotSizes | undefined
  const opened = (): Kernels => {
    if (kernels !== undefined) return kernels
    throw new InputError({ at: 'wasm', expected: 'an open session', received: 'a closed one' })
  }
  return {
    get floats() {
      if (floats.buffer !== memory.buffer) floats = new Float32Array(memory.buffer, floatsAt, plan.words)
      return floats
    },
    registers,
    bind(arrays) {
      slots = copySlots(opened(), arrays)
    },
    run(program) {
      const running = opened()
      checkRegisters(registers, plan, plan.programs[program], slots)
      const [count, position, step, epoch] = registers
      if (slots !== undefined) {
        const order = slots.order.subarray(position, position + count)
        new Int32Array(memory.buffer, orderAt, order.length).set(order)
      }
      running.run(numbers.get(program)!, count, step, epoch)
    },
    close() {
      kernels = undefined
      slots = undefined
    },
  }
}

/** The C kernels as WebAssembly with SIMD, on one thread: in Node and in the browser, with nothing to install. */
export const wasm: Backend = { name: 'wasm', variant: 'simd128', arithmetics: ['strict'], open }
