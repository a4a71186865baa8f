// Changes inputs, as damage, carelessness and malice do. Everything is drawn by key: an input is its target's name and its number.

import { below, key, words } from '../../dist/base/random.js'

const MOST_BYTES = 2 ** 18

/** Throws of a die by key. */
export function dieOf(seed, target, number) {
  const thrown = words(key(seed).child('fuzz').child(target).child(number), new Uint32Array(256))
  let next = 0
  return (sides) => below(thrown[next++ % thrown.length], sides)
}

const pick = (die, list) => list[die(list.length)]

const extremes = [
  ...[
    '0',
    '-0',
    '-1',
    '1',
    '2',
    '0.5',
    '1e-300',
    '5e-324',
    '1e300',
    '1e999',
    '-1e999',
    '255',
    '256',
    '65536',
  ],
  ...[
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '9007199254740992',
    '-9007199254740993',
    '00',
    '1e',
  ],
]
const values = [
  ...[null, true, false, '', 'x', '\u0000', '\ud800', '../../x', '__proto__', 'constructor', 'NaN'],
  ...[
    0,
    -0,
    -1,
    0.5,
    1e-300,
    1e300,
    2 ** 31,
    2 ** 53,
    20000,
    [],
    {},
    [[]],
    [null],
    { __proto__: null },
    'x'.repeat(5000),
  ],
]

const concat = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const span = (die, bytes) => {
  const from = die(bytes.length + 1)
  return [from, from + die(Math.min(bytes.length - from, 4096) + 1)]
}

/** Brackets within brackets. */
const nested = (die) => {
  const depth = pick(die, [10, 200, 5000, 100_000])
  const [open, close] = pick(die, [
    ['[', ']'],
    ['{"all":[', ']}'],
    ['{"a":', '}'],
  ])
  return open.repeat(depth) + (die(2) ? `0${close.repeat(depth)}` : '')
}

/** On bytes of any kind. */
const onBytes = {
  flip(die, bytes) {
    const copy = Buffer.from(bytes)
    for (let n = 1 + die(8); n > 0 && copy.length > 0; n--) copy[die(copy.length)] ^= 1 << die(8)
    return copy
  },
  overwrite(die, bytes) {
    const copy = Buffer.from(bytes)
    const word = pick(die, [0, 0xff, 0x7f, 0x80, 1])
    const [from, to] = span(die, copy)
    return copy.fill(word, from, Math.min(to, from + 1 + die(8)))
  },
  cut: (die, bytes) => bytes.subarray(...span(die, bytes)),
  end: (die, bytes) => bytes.subarray(0, die(bytes.length + 1)),
  remove(die, bytes) {
    const [from, to] = span(die, bytes)
    return concat(bytes.subarray(0, from), bytes.subarray(to))
  },
  splice(die, bytes, other) {
    const [from, to] = span(die, bytes)
    return concat(bytes.subarray(0, from), other.subarray(...span(die, other)), bytes.subarray(to))
  },
  repeat(die, bytes) {
    const [from, to] = span(die, bytes)
    const block = bytes.subarray(from, to)
    const times = Math.min(2 + die(pick(die, [3, 100, 10_000])), Math.floor(MOST_BYTES / (block.length + 1)))
    return concat(bytes.subarray(0, to), ...Array.from({ length: times }, () => block), bytes.subarray(to))
  },
  number(die, bytes) {
    const text = bytes.toString('latin1')
    const found = [...text.matchAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/gi)]
    if (found.length === 0) return bytes
    const { index, 0: number } = pick(die, found)
    return Buffer.from(
      text.slice(0, index) + pick(die, extremes) + text.slice(index + number.length),
      'latin1',
    )
  },
  nest(die, bytes) {
    const [from, to] = span(die, bytes)
    return concat(bytes.subarray(0, from), nested(die), bytes.subarray(die(2) ? to : from))
  },
}

/** Every place in a value that may be changed: its holder and its key there. */
function placesOf(value, found = []) {
  for (const name of Object.keys(value ?? {})) {
    if (typeof value !== 'object') break
    found.push([value, name])
    placesOf(value[name], found)
  }
  return found
}

/** On the value of a JSON text, which stays one. Copies are not shared: a later change would grow with their number. */
const onValues = {
  replace: (die, holder, name) => (holder[name] = structuredClone(pick(die, values))),
  scale: (die, holder, name) => (holder[name] = Number(pick(die, extremes)) || 0),
  drop: (_, holder, name) => (Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]),
  swap(die, holder, name, places) {
    const [other, theirs] = pick(die, places)
    holder[name] = structuredClone(other[theirs])
  },
  add: (die, holder, name) =>
    (holder[pick(die, ['extra', '__proto__', 'when', '0'])] = structuredClone(holder[name])),
  lengthen(die, holder, name) {
    const size = JSON.stringify(holder[name] ?? null).length
    const times = Math.min(pick(die, [2, 50, 3000]), Math.ceil(MOST_BYTES / size))
    holder[name] = Array.from({ length: times }, () => structuredClone(holder[name]))
  },
}

/** Changes one line, or the whole, where it is JSON; bytes of another kind as bytes. */
function mutateJson(die, bytes) {
  const lines = bytes.toString('utf8').split('\n')
  const n = die(lines.length)
  const isWhole = bytes[0] === 0x7b && lines.length > 1 && !lines[0].endsWith('}')
  try {
    const value = { root: JSON.parse(isWhole ? bytes.toString('utf8') : lines[n]) }
    for (let times = 1 + die(3); times > 0; times--) {
      const places = placesOf(value)
      const [holder, name] = pick(die, places)
      pick(die, Object.values(onValues))(die, holder, name, places)
    }
    const text = JSON.stringify(value.root) ?? ''
    return Buffer.from(isWhole ? text : lines.with(n, text).join('\n'))
  } catch {
    return pick(die, Object.values(onBytes))(die, bytes, bytes)
  }
}

/** The input of this number: a seed of the target's, changed once to four times. */
export function inputOf(seed, target, number, seeds, isJson) {
  const die = dieOf(seed, target, number)
  let bytes = Buffer.from(pick(die, seeds))
  for (let times = 1 + die(4); times > 0; times--) {
    const changed =
      isJson && die(2)
        ? mutateJson(die, bytes)
        : pick(die, Object.values(onBytes))(die, bytes, Buffer.from(pick(die, seeds)))
    bytes = changed.subarray(0, MOST_BYTES)
  }
  return bytes
}
