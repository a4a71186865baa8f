import { describe, expect, test } from 'vitest'
import { below, key, words } from '../base/random.ts'
import { addon, nativeVariants } from './native.ts'
import { encode, instruction, RECORD } from './program.ts'

/** The default suite makes a share of the calls; `npm run test:sanitized` makes the rest, under the sanitizers. */
const CALLS = Number(process.env.ATELIER_HOSTILE_CALLS ?? 4000)

const program = encode([
  instruction(
    'gather',
    { x: { offset: 0, length: 6, batched: true }, labels: { offset: 24, length: 1, batched: true } },
    { pixels: 6, scale: 1, shift: 0 },
  ),
  instruction(
    'dense',
    {
      x: { offset: 0, length: 6, batched: true },
      w: { offset: 28, length: 18, batched: false },
      b: { offset: 46, length: 3, batched: false },
      y: { offset: 49, length: 3, batched: true },
    },
    { inputs: 6, outputs: 3, relu: 0 },
  ),
])

/** What the callers of this file throw from their getters. */
class Thrown extends Error {}

type Die = (sides: number) => number
type Maker = (die: Die) => unknown

/** Throws of a die by key: the same calls in every run. */
function dieOf(call: number): Die {
  const thrown = words(key(20).child('hostile call').child(call), new Uint32Array(64))
  let next = 0
  return (sides) => below(thrown[next++ % thrown.length], sides)
}

const oneOf =
  (...makers: readonly Maker[]): Maker =>
  (die) =>
    makers[die(makers.length)](die)
const among = (...values: readonly unknown[]): Maker => oneOf(...values.map((value) => () => value))

type Resizable = ArrayBuffer & { resize(bytes: number): void }
const resizable = (bytes: number) =>
  new (ArrayBuffer as unknown as new (bytes: number, options: object) => Resizable)(bytes, {
    maxByteLength: 2 * bytes,
  })
const detach = (array: ArrayBufferView | ArrayBuffer) => {
  const buffer = ArrayBuffer.isView(array) ? array.buffer : array
  if (buffer instanceof ArrayBuffer && !Object.hasOwn(buffer, 'kept'))
    structuredClone(buffer, { transfer: [buffer] })
}

describe.skipIf(nativeVariants().length === 0)('the add-on’s door', () => {
  const kernels = addon() as unknown as Record<string, (...given: unknown[]) => unknown>

  /** What the calls share, and change under each other’s hands. */
  const world = { sessions: [] as object[], arrays: [] as (ArrayBufferView | ArrayBuffer)[] }
  const remember = <T extends ArrayBufferView | ArrayBuffer>(array: T): T => {
    world.arrays.push(array)
    if (world.arrays.length > 64) world.arrays.shift()
    return array
  }

  const number = among(
    ...[Number.NaN, Infinity, -Infinity, -0, 0, 1, -1, 2, 4, 5, 0.5, 61, 64, 65, 4096, 1e308, 5e-324],
    ...[
      2 ** 24,
      2 ** 28,
      2 ** 30,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      2 ** 32 + 4,
      2 ** 53,
      -(2 ** 31),
      -(2 ** 53),
    ],
  )
  const bytes: Maker = (die) => remember(new Uint8Array(die(64)))
  const integers: Maker = (die) => remember(Int32Array.from({ length: die(64) }, () => die(7) - 1))
  const array = oneOf(
    bytes,
    integers,
    (die) => remember(new Int32Array(new SharedArrayBuffer(4 * die(64)))),
    (die) => remember(new Uint8Array(new SharedArrayBuffer(die(64)))),
    (die) => remember(new Int32Array(resizable(8 * (1 + die(32))))),
    (die) => remember(new Uint8Array(resizable(8 * (1 + die(32))), 4)),
    (die) => remember(new Float64Array(die(9))),
    (die) => remember(new DataView(new ArrayBuffer(die(9)))),
    (die) => remember(new ArrayBuffer(die(999))),
    (die) => new SharedArrayBuffer(die(999)),
    (die) => {
      const some = new Uint8Array(1 + die(64))
      detach(some)
      return some
    },
  )
  const session: Maker = (die) => world.sessions[die(world.sessions.length || 1)]
  const value: Maker = oneOf(
    number,
    array,
    session,
    among(
      undefined,
      null,
      true,
      '',
      '61',
      'x'.repeat(1e5),
      61n,
      Symbol('61'),
      () => 61,
      [],
      {},
      /61/,
      new Date(61),
    ),
    (die) => new Proxy((session(die) as object) ?? {}, {}),
    (die) => Object.create((session(die) as object) ?? null),
    (die) => new Proxy([program, program], die(2) ? {} : { get: thrower }),
  )

  const thrower = () => {
    throw new Thrown()
  }
  /** Takes something away that others hold. */
  function change(die: Die): void {
    const array = world.arrays[die(world.arrays.length || 1)]
    const some = world.sessions[die(world.sessions.length || 1)]
    const buffer = array && (ArrayBuffer.isView(array) ? array.buffer : array)
    if (die(3) === 0 && some) kernels.close(some)
    else if (buffer && 'resize' in buffer && (buffer as { resizable?: boolean }).resizable)
      (buffer as Resizable).resize(die(8))
    else if (array) detach(array)
  }
  /** A property that is what it says, or runs a program first. */
  function property(die: Die, sound: unknown): PropertyDescriptor {
    const changing = (given: () => unknown) => () => {
      change(die)
      return given()
    }
    const wrong = [
      () => value(die),
      () => number(die),
      thrower,
      changing(() => sound),
      changing(() => value(die)),
    ]
    return die(8) > 0 ? { value: sound } : { get: wrong[die(wrong.length)] }
  }
  function programs(die: Die): unknown {
    const copy = remember(die(3) ? program.slice() : new Int32Array(resizable(program.byteLength)))
    if (die(3) === 0) copy.set(program)
    if (die(3) === 0) copy[die(copy.length)] = number(die) as number
    const list = [copy, program, remember(program.slice(0, RECORD.words))].slice(0, 1 + die(3))
    return Object.defineProperty(list, 0, property(die, copy))
  }
  function plan(die: Die): unknown {
    const lent = die(4) === 0 ? remember(die(2) ? new ArrayBuffer(1024) : resizable(1024)) : undefined
    const sound = {
      variant: nativeVariants()[die(nativeVariants().length)],
      fused: die(2),
      words: die(6) ? 61 : number(die),
      batch: 4,
      threads: 1 + die(3),
      programs: programs(die),
      memory: lent,
    }
    const given = Object.entries(sound).map(([name, value]) => [name, property(die, value)] as const)
    return Object.defineProperties({}, Object.fromEntries(given))
  }
  /** Registers as they come. */
  function scribble(die: Die, opened: unknown): void {
    const { registers } = opened as { registers: Int32Array }
    for (let i = 0; i < registers.length; i++)
      registers[i] = die(2) ? [4, 0, 0, 1][i] : (number(die) as number)
  }

  const calls: readonly (readonly [name: string, given: (die: Die) => unknown[]])[] = [
    ['open', (die) => [plan(die)]],
    ['open', (die) => [plan(die), value(die)]],
    ['open', (die) => Array.from({ length: die(3) }, () => value(die))],
    ['bind', (die) => [session(die), bytes(die), bytes(die), integers(die)]],
    ['bind', (die) => [session(die), array(die), array(die), array(die)]],
    ['bind', (die) => Array.from({ length: die(6) }, () => value(die))],
    ['run', (die) => [session(die), die(3)]],
    ['run', (die) => [session(die), die(3)]],
    ['run', (die) => [session(die), die(2) ? number(die) : value(die)]],
    ['run', (die) => Array.from({ length: die(4) }, () => value(die))],
    ['close', (die) => [die(4) ? value(die) : session(die)]],
    ['memoryBytes', (die) => [value(die)]],
    ['variants', (die) => [value(die)]],
    ['peak', (die) => [value(die), number(die), number(die), number(die)]],
    ['peak', (die) => [nativeVariants()[0], die(2), die(4), die(9)]],
  ]

  /** What a call threw that is neither the add-on's own nor the caller's. */
  function isKnown(error: unknown): boolean {
    if (error instanceof Thrown) return true
    return error instanceof Error && 'code' in error && String(error.code).startsWith('ATELIER_')
  }

  function callOnce(call: number): void {
    const die = dieOf(call)
    const [name, given] = calls[die(calls.length)]
    const subject = die(4) ? kernels : value(die)
    const everything = given(die)
    if (die(3) === 0) change(die)
    try {
      const result = die(9)
        ? Reflect.apply(kernels[name], subject, everything)
        : Reflect.construct(kernels[name], everything)
      if (name !== 'open') return
      scribble(die, result)
      world.sessions.push(result as object)
      if (world.sessions.length > 12) world.sessions.splice(die(12), 1) // some are closed, some left to be collected
    } catch (error) {
      if (!isKnown(error)) throw new Error(`call ${call}, ${name}`, { cause: error })
    }
  }

  test(`${CALLS} calls, however hostile, are served or refused with an error of its own`, () => {
    for (let call = 0; call < CALLS; call++) callOnce(call)
    expect(world.sessions.length).toBeGreaterThan(0)
    for (const some of world.sessions) kernels.close(some)
  })
})
