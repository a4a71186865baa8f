import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MOST_TEXT, readNamed } from './files.ts'

/** A record's directory as its reader sees it: files by their names in it. */
export interface RecordFiles {
  readonly directory: string
  /** What errors call a file. */
  at(name: string): string
  /** When a file was last written, in milliseconds since 1970; undefined where there is none. */
  modified(name: string): Promise<number | undefined>
  /** The content of a file; throws an InputError that says `what` it should hold, and perhaps what to try. */
  read(name: string, what: string, hint?: string): Promise<Uint8Array>
}

/** The files in a directory that the user named. */
export const filesIn = (directory: string): RecordFiles => ({
  directory,
  at: (name) => join(directory, name),
  modified: (name) =>
    stat(join(directory, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    ),
  read: (name, what, hint) =>
    readNamed(join(directory, name), what, { mostBytes: MOST_TEXT, ...(hint !== undefined && { hint }) }),
})
