/** Which part of a set a file holds. */
export type FileRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels'

/** A published set of four IDX files: where it is, and how we know that we have it. */
export interface KnownSet {
  /** The name on the command line, and of the set's folder in a data folder or the cache. */
  readonly name: string
  readonly title: string
  readonly classNames: readonly string[]
  /** The folder on the net that holds the files; ends with a slash. */
  readonly address: string
  readonly files: Readonly<Record<FileRole, { readonly name: string; readonly md5: string }>>
}
