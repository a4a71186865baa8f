/**
 * The first key that an object of a JSON text holds twice, at any depth; undefined where there is none. `JSON.parse` keeps
 * the last one without a word. The text must be JSON.
 */
export function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [] // the keys of each object that is open; undefined for a list
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return undefined
}
