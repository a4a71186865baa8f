/** Where names of classes may lie beside the data. */
interface Files {
  readonly present: readonly string[]
  read(name: string): Promise<Uint8Array>
}

/** The lines of `classes.txt` or `labels.txt`; without them the numbers from 0 to the largest training label. */
export async function classNamesAmong({ present, read }: Files, labels: Uint8Array): Promise<string[]> {
  const file = ['classes.txt', 'labels.txt'].find((name) => present.includes(name))
  if (file === undefined) return numbered(labels)
  return new TextDecoder()
    .decode(await read(file))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Classes that have no names are called by their numbers. */
export function numbered(labels: Uint8Array): string[] {
  const largest = labels.reduce((a, b) => Math.max(a, b), 0)
  return Array.from({ length: largest + 1 }, (_, i) => `${i}`)
}
