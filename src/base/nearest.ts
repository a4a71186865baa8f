/** Single letters to add, drop or change until one word becomes the other (Levenshtein 1965). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter === b[j] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}

/** The word that was probably meant; undefined where none is near. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const close = words
    .map((word) => ({ word, far: distance(text.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return close !== undefined && close.far <= Math.ceil(close.word.length / 3) ? close.word : undefined
}
