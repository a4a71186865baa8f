import { shellQuoted } from '../base/shell.ts'

/** The line that repeats a call, from its words. */
export const typedLine = (words: readonly string[]) => ['atelier', ...words.map(shellQuoted)].join(' ')

/** The words of a call with others in place of a flag and its value; as they are where that flag is not among them. */
export function replaced(words: readonly string[], flag: string, instead: readonly string[]): string[] {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`))
  return at < 0 ? [...words] : words.toSpliced(at, words[at] === flag ? 2 : 1, ...instead)
}
