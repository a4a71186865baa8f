/** Whether a value is what JSON calls an object: neither a list nor null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists and objects within each other that a JSON text may have: ours have a dozen, and what reads them recurses. */
const DEPTH = 100

/** The characters at which a JSON text outside its words is looked at. */
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Array.from('"\\[]{}', (letter) =>
  letter.charCodeAt(0),
)

/** The place behind the word whose opening quote stands at `from`; the end of the text where it does not end. */
function afterWord(text: string, from: number): number {
  let end = from
  let slashes = 0
  do {
    end = text.indexOf('"', end + 1)
    if (end < 0) return text.length
    slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
  } while (slashes % 2 === 1)
  return end + 1
}

/** The brackets and the words of a JSON text, each from where to where, in their order. */
function* tokens(text: string): Generator<readonly [from: number, to: number]> {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      const end = afterWord(text, i)
      yield [i, end]
      i = end - 1
    } else if (code === OPEN_LIST || code === CLOSE_LIST || code === OPEN_OBJECT || code === CLOSE_OBJECT) {
      yield [i, i + 1]
    }
  }
}

/** Every line of a journal comes through here: no tokens are made. */
function checkDepth(text: string): void {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = afterWord(text, i) - 1
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1
      if (depth > DEPTH) throw new SyntaxError(`lists and objects more than ${DEPTH} deep in each other`)
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1
  }
}

/** The value of a JSON text; throws a SyntaxError where it is none, or is nested so deep that no reader could follow. */
export function jsonValue(text: string): unknown {
  checkDepth(text)
  return JSON.parse(text)
}

/**
 * The first key that an object of a JSON text holds twice, at any depth; undefined where there is none. `JSON.parse` keeps
 * the last one without a word. The text must be JSON.
 */
export function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [] // the keys of each object that is open; undefined for a list
  for (const [from, to] of tokens(text)) {
    const code = text.charCodeAt(from)
    if (code === OPEN_OBJECT) open.push(new Set())
    else if (code === OPEN_LIST) open.push(undefined)
    else if (code !== QUOTE) open.pop()
    else if (isKey(text, to)) {
      const key = JSON.parse(text.slice(from, to)) as string
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return undefined
}

/** Whether the word that ends at a place is followed by a colon. */
function isKey(text: string, end: number): boolean {
  const space = /[ \t\n\r]*/y
  space.lastIndex = end
  space.test(text)
  return text[space.lastIndex] === ':'
}
