import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addon, native, nativeVariants } from './native.ts'
import { lengthOf, type Operation } from './operation.ts'
import { operations } from './operations.ts'
import { encode, instruction, type Plan, RECORD } from './program.ts'

const batch = 4
const x = { offset: 0, length: 6, batched: true }
const labels = { offset: 24, length: 1, batched: true }
const w = { offset: 28, length: 18, batched: false }
const b = { offset: 46, length: 3, batched: false }
const y = { offset: 49, length: 3, batched: true }
const program = [
  instruction('gather', { x, labels }, { pixels: 6, scale: 1, shift: 0 }),
  instruction('dense', { x, w, b, y }, { inputs: 6, outputs: 3, relu: 0 }),
]
const plan: Plan = { words: 61, batch, programs: { step: program } }
const encoded = encode(program)

const door = (change: object = {}) => ({
  variant: nativeVariants()[0],
  fused: 0,
  words: plan.words,
  batch,
  threads: 2,
  programs: [encoded],
  ...change,
})

/** The program with one of its 32-bit words changed: by default in the dense instruction. */
function changed(word: number, value: number, step = 1) {
  const copy = encoded.slice()
  copy[step * RECORD.words + word] = value
  return { programs: [copy] }
}

const slots = () => ({
  images: new Uint8Array(5 * 6).fill(1),
  labels: new Uint8Array(5).fill(1),
  order: Int32Array.from([0, 1, 2, 3, 4, 0, 1, 2]),
})

function openStep(arrays = slots()) {
  const session = native().open(plan, { arithmetic: 'strict', threads: 2 })
  session.bind(arrays)
  session.registers.set([batch, 0, 0])
  return { session, arrays }
}

describe.skipIf(nativeVariants().length === 0)('native', () => {
  test.each([
    ['memory of no words', { words: 0 }, /words of memory/],
    ['more memory than offsets can name', { words: 2 ** 31 }, /words of memory/],
    ['a batch of 0', { batch: 0 }, /batch/],
    ['a batch whose rows leave the memory', { batch: 5 }, /outside the memory|overlap/],
    ['a huge batch', { batch: 2 ** 31 - 1 }, /outside the memory/],
    ['0 threads', { threads: 0 }, /threads/],
    ['65 threads', { threads: 65 }, /threads/],
    ['a variant that there is not', { variant: 'mmx' }, /variant/],
    ['an unknown code', changed(0, 99), /no known operation/],
    ['a negative code', changed(0, -1), /no known operation/],
    ['a negative offset', changed(1, -1), /outside the memory/],
    ['an offset behind the end', changed(7, 60), /outside the memory/],
    ['an empty operand', changed(2, 0), /at least one word/],
    ['a length that does not fit the attributes', changed(2, 5), /do not fit/],
    ['attributes that do not fit the lengths', changed(RECORD.integers, 7), /do not fit/],
    ['a negative size', changed(RECORD.integers, -6), /do not fit/],
    ['operands that overlap', changed(7, 45), /overlap/],
  ])('refuses %s', (_, change, message) => {
    expect(() => addon().open(door(change) as never)).toThrow(message)
  })

  test.each([
    ['no plan', undefined],
    ['words that are no number', door({ words: '61' })],
    ['programs that are no array', door({ programs: encoded })],
    ['a program of floats', door({ programs: [new Float32Array(64)] })],
    ['a program cut short', door({ programs: [encoded.subarray(1)] })],
    ['words that are not a number', door({ words: Number.NaN })],
    ['a part of a word', door({ words: 61.5 })],
    ['infinitely many words', door({ words: Infinity })],
    ['memory that is too short', door({ memory: new ArrayBuffer(256) })],
    ['memory that is no array buffer', door({ memory: new Uint8Array(4096) })],
    ['memory that another thread may share', door({ memory: new SharedArrayBuffer(4096) })],
  ])('refuses %s', (_, plan) => {
    expect(() => addon().open(plan as never)).toThrow(TypeError)
  })

  test.each([
    ['count 0', { 0: 0 }, /count: expected 1 to 4/],
    ['a count beyond the batch', { 0: 5 }, /count: expected 1 to 4/],
    ['a negative position', { 1: -1 }, /position/],
    ['a position whose batch leaves the order', { 1: 5 }, /position/],
    ['a position at the end of the integers', { 1: 2 ** 31 - 1 }, /position/],
  ])('refuses to run with %s', (_, registers, message) => {
    const { session } = openStep()
    for (const [i, value] of Object.entries(registers)) session.registers[Number(i)] = value
    expect(() => session.run('step')).toThrow(message)
    session.close()
  })

  test.each([-1, 5, 2 ** 31 - 1])('refuses image number %i', (image) => {
    const { session, arrays } = openStep()
    arrays.order[3] = image
    expect(() => session.run('step')).toThrow(/order: expected image numbers below 5/)
    session.close()
  })

  test('refuses a program that there is not, slots that are missing and a closed session', () => {
    const session = native().open(plan, { arithmetic: 'strict', threads: 1 })
    session.registers[0] = batch
    expect(() => session.run('other')).toThrow(/a program of the plan/)
    expect(() => session.run('step')).toThrow(/images bound/)
    expect(() => session.bind({ ...slots(), order: new Uint32Array(8) as never })).toThrow(TypeError)
    session.close()
    session.close()
    expect(() => session.run('step')).toThrow(/closed/)
    expect(session.floats[0]).toBe(0) // memory outlives the session while somebody holds it
  })

  test.each(['images', 'labels', 'order'] as const)('notices that %s were taken away', (name) => {
    const { session, arrays } = openStep()
    session.run('step')
    structuredClone(arrays[name], { transfer: [arrays[name].buffer as ArrayBuffer] })
    expect(() => session.run('step')).toThrow()
    session.close()
  })

  test('notices that a buffer became shorter', () => {
    const Resizable = ArrayBuffer as unknown as new (
      n: number,
      o: object,
    ) => ArrayBuffer & { resize(n: number): void }
    const buffer = new Resizable(32, { maxByteLength: 64 })
    const order = new Int32Array(buffer)
    const { session } = openStep({ ...slots(), order })
    session.run('step')
    buffer.resize(8)
    expect(() => session.run('step')).toThrow(/position/)
    session.close()
  })

  test('survives an attempt to take its memory away', () => {
    const { session } = openStep()
    try {
      structuredClone(session.floats, { transfer: [session.floats.buffer as ArrayBuffer] })
    } catch {
      // newer engines say that it cannot be; older ones copy
    }
    if (session.registers.length > 0) session.run('step')
    session.close()
  })

  test('reads programs once a getter can no longer take them away', () => {
    const program = encoded.slice()
    const taking = Object.defineProperty(door({ programs: [program] }), 'memory', {
      get: () => void structuredClone(program, { transfer: [program.buffer as ArrayBuffer] }),
    })
    const kernels = addon()
    const session = kernels.open(taking as never) // of no instruction: that is what the program now is
    session.registers[0] = batch
    kernels.run(session, 0)
    expect(session.floats.every((value) => value === 0)).toBe(true)
    kernels.close(session)
  })

  test('lets pass what a getter throws', () => {
    const throwing = Object.defineProperty(door(), 'threads', {
      get() {
        throw new Error('no threads today')
      },
    })
    expect(() => addon().open(throwing as never)).toThrow('no threads today')
  })

  describe('on memory of the engine', () => {
    const bytes = 4096
    const Resizable = ArrayBuffer as unknown as new (
      n: number,
      o: object,
    ) => ArrayBuffer & { resize(n: number): void }
    const openIn = (memory: ArrayBuffer) => {
      const kernels = addon()
      const session = kernels.open(door({ memory }) as never)
      const { images, labels, order } = slots()
      kernels.bind(session, images, labels, order)
      session.registers[0] = batch
      return { session, run: () => kernels.run(session, 0), close: () => kernels.close(session) }
    }

    test('it works', () => {
      const { session, run, close } = openIn(new ArrayBuffer(bytes))
      run()
      expect(session.floats[0]).toBe(1)
      close()
    })

    test.each([
      ['was transferred', (memory: ArrayBuffer) => void structuredClone(memory, { transfer: [memory] })],
      [
        'became shorter',
        (memory: ArrayBuffer) => (memory as ArrayBuffer & { resize(n: number): void }).resize(64),
      ],
    ])('it notices that the memory %s', (_, take) => {
      const memory = new Resizable(bytes, { maxByteLength: bytes })
      const { run, close } = openIn(memory)
      run()
      take(memory)
      expect(run).toThrow(/taken away/)
      close()
    })
  })

  test('no program, however wrong, leaves its memory', () => {
    const edges = fc.constantFrom(0, 1, -1, 2, 3, 7, 2 ** 30, 2 ** 31 - 1, -(2 ** 31))
    const value = fc.oneof(edges, fc.integer({ min: -8, max: 64 }), fc.integer())
    const change = fc.tuple(fc.integer({ min: 0, max: RECORD.words - 1 }), value)
    const wrong = fc.tuple(fc.integer({ min: 1, max: 24 }), fc.array(change, { maxLength: 5 }), fc.integer())
    fc.assert(
      fc.property(wrong, ([code, changes, seed]) => {
        const record = sound(code, seed)
        for (const [word, value] of changes) record[word] = value
        const kernels = addon()
        let session: ReturnType<typeof kernels.open>
        try {
          session = kernels.open(door({ words: 4096, programs: [record] }) as never)
        } catch {
          return
        }
        // Any bits may stand in memory, where an operation expects marks that another one left.
        const bits = new Int32Array(session.floats.buffer, session.floats.byteOffset, session.floats.length)
        for (let i = 0; i < bits.length; i++) bits[i] = Math.imul(i + seed, 0x9e3779b1)
        const { images, labels, order } = slots()
        kernels.bind(session, images, labels, order)
        session.registers[0] = batch
        try {
          kernels.run(session, 0)
        } catch {
          // refused: as good
        }
        kernels.close(session)
      }),
      { numRuns: 3000 },
    )
  })

  test('worker threads train side by side, and one that is ended leaves nothing behind', async () => {
    const script = `
      const { createRequire } = require('node:module')
      const { parentPort, workerData } = require('node:worker_threads')
      const addon = require(workerData.path)
      const session = addon.open(workerData.plan)
      addon.bind(session, new Uint8Array(30).fill(1), new Uint8Array(5), new Int32Array(8))
      session.registers[0] = 4
      session.floats.fill(1, 28, 49)
      for (let i = 0; i < 2000; i++) addon.run(session, 0)
      parentPort.postMessage(session.floats[49])
      if (workerData.stays) setInterval(() => addon.run(session, 0), 0)`
    const path =
      process.env.ATELIER_ADDON ?? fileURLToPath(new URL('../../build/atelier.node', import.meta.url))
    const results = await Promise.all(
      [false, true, false, true].map(async (stays) => {
        const worker = new Worker(script, {
          eval: true,
          workerData: { path, stays, plan: door({ threads: 3 }) },
        })
        const result = await new Promise((resolve, reject) =>
          worker.on('message', resolve).on('error', reject),
        )
        await worker.terminate()
        return result
      }),
    )
    expect(results).toEqual([7, 7, 7, 7])
  })
})

/** A record of an operation as its table wants it, with small sizes. */
function sound(code: number, seed: number): Int32Array {
  const [name, operation] = Object.entries(operations as Record<string, Operation>).find(
    ([, o]) => o.code === code,
  )!
  const small = (i: number) => ((seed >>> (2 * i)) & 3) + 1
  const side = { height: 5, width: 5, outHeight: 3, outWidth: 3 }
  const attributes = Object.fromEntries([
    ...operation.integers.map((attribute, i) => [attribute, small(i)]),
    ...operation.floats.map((attribute) => [attribute, 0.5]),
    ...(name.startsWith('conv') || name.startsWith('max') ? Object.entries(side) : []),
  ])
  let offset = 0
  const operands = Object.fromEntries(
    Object.entries(operation.operands).map(([operand, rule]) => {
      const place = { offset, length: lengthOf(rule, attributes), batched: rule.batched }
      offset += place.length * (rule.batched ? batch : 1)
      return [operand, place]
    }),
  )
  return encode([{ operation: name as keyof typeof operations, operands, attributes }])
}
