import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { REGISTERS } from './backend.ts'
import { type Instruction, instruction, type Plan } from './program.ts'
import { wasm } from './wasm.ts'

const batch = 4
const x = { offset: 0, length: 6, batched: true }
const labels = { offset: 24, length: 1, batched: true }
const y = { offset: 28, length: 6, batched: true }
const gather = instruction('gather', { x, labels }, { pixels: 6, scale: 1, shift: 0 })
const relu = instruction('relu', { x, y }, { size: 6 })
const plan: Plan = { words: 52, batch, programs: { take: [gather], take_and_rectify: [gather, relu] } }

/** Seven images: image i consists of bytes i. */
const slots = () => ({
  images: Uint8Array.from({ length: 7 * 6 }, (_, i) => i / 6),
  labels: Uint8Array.from([0, 1, 2, 3, 4, 5, 6]),
  order: Int32Array.from([6, 5, 4, 3, 2, 1, 0]),
})

function openTake(arrays = slots(), opened: Plan = plan) {
  const session = wasm.open(opened, { arithmetic: 'strict', threads: 1 })
  session.bind(arrays)
  session.registers[REGISTERS.count] = batch
  return { session, arrays, taken: () => Array.from(session.floats.subarray(24, 28)) }
}

test('the module imports nothing and fits into a page', async () => {
  const { wasmBinary } = await import('./wasm-binary.ts')
  const bytes = Buffer.from(wasmBinary, 'base64')
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([])
  expect(bytes.length).toBeLessThan(256 * 1024)
})

test('what is checked in is what the sources give, where the same Clang is there to tell', () => {
  const script = fileURLToPath(new URL('../../scripts/build-wasm.mjs', import.meta.url))
  expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatch(/kernels/)
})

test('every program of the plan runs under its name', () => {
  const { session, taken } = openTake()
  session.run('take')
  expect(taken()).toEqual([6, 5, 4, 3])
  expect(session.floats[28]).toBe(0)
  session.run('take_and_rectify')
  expect(session.floats[28]).toBe(6)
})

test('`order` may be rewritten between runs; images and labels are those of the last `bind`', () => {
  const { session, arrays, taken } = openTake()
  arrays.order.reverse()
  arrays.labels.fill(9)
  session.registers[REGISTERS.position] = 1
  session.run('take')
  expect(taken()).toEqual([1, 2, 3, 4])
  session.bind(arrays)
  session.run('take')
  expect(taken()).toEqual([9, 9, 9, 9])
})

test('many images move the memory, and nothing in it is lost', () => {
  const { session, taken } = openTake()
  session.floats[51] = 42
  const many = 2 ** 20
  session.bind({
    images: new Uint8Array(many * 6).fill(3),
    labels: new Uint8Array(many).fill(2),
    order: Int32Array.from({ length: batch }, (_, i) => many - 1 - i),
  })
  session.run('take')
  expect(taken()).toEqual([2, 2, 2, 2])
  expect(session.floats.subarray(0, 24).every((pixel) => pixel === 3)).toBe(true)
  expect(session.floats[51]).toBe(42)
})

test('sessions do not see each other', () => {
  const [one, other] = [openTake(), openTake()]
  one.session.run('take')
  expect(other.taken()).toEqual([0, 0, 0, 0])
})

test.each([
  ['count 0', [0, 0], /count: expected 1 to 4/],
  ['a count beyond the batch', [5, 0], /count: expected 1 to 4/],
  ['a negative position', [4, -1], /position/],
  ['a position whose batch leaves the order', [4, 4], /position/],
] as const)('refuses to run with %s', (_, registers, message) => {
  const { session } = openTake()
  session.registers.set(registers)
  expect(() => session.run('take')).toThrow(message)
})

test.each([-1, 7, 2 ** 31 - 1])('refuses image number %i', (image) => {
  const { session, arrays } = openTake()
  arrays.order[3] = image
  expect(() => session.run('take')).toThrow(/order: expected image numbers below 7/)
})

test('refuses a program that there is not, slots that are missing, fused arithmetic and a closed session', () => {
  const session = wasm.open(plan, { arithmetic: 'strict', threads: 1 })
  session.registers[REGISTERS.count] = batch
  expect(() => session.run('other')).toThrow(/a program of the plan/)
  expect(() => session.run('take')).toThrow(/images bound/)
  session.close()
  session.close()
  expect(() => session.run('take')).toThrow(/closed/)
  expect(session.floats[0]).toBe(0) // memory outlives the session while somebody holds it
  expect(() => wasm.open(plan, { arithmetic: 'fused', threads: 1 })).toThrow(/expected strict/)
})

test('the kernels refuse what the table of operations lets pass, and say where', () => {
  const sizes = {
    height: 2,
    width: 3,
    channels: 1,
    outHeight: 2,
    outWidth: 3,
    kernelHeight: 1,
    kernelWidth: 1,
  }
  const attributes = { ...sizes, strideHeight: 0, strideWidth: 1, padTop: 0, padLeft: 0 }
  const argmax = { offset: 52, length: 6, batched: true }
  const pool: Instruction = { operation: 'maxPool', operands: { x, y, argmax }, attributes }
  const unsound = { words: 76, batch, programs: { sound: [gather], standing: [gather, pool] } }
  expect(() => openTake(slots(), unsound)).toThrow(
    'program standing: maxPool: expected a sound instruction, received an attribute is out of range.',
  )
})

test('refuses more memory than there can be', () => {
  expect(() => openTake(slots(), { ...plan, words: 2 ** 30 })).toThrow(/less than 4294967296 bytes/)
  expect(() => openTake(slots(), { ...plan, words: 2 ** 30 - 64 })).toThrow(/refused the memory/)
})
