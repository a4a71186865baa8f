import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AUDIT_FILE } from '../experiments/audit/record.ts'

/** What a directory holds, by the files in it. */
export type RecordKind = Holder | 'audit'

/** A record that others may lie in. */
type Holder = 'run' | 'search' | 'study'

/** A directory with a record in it. */
export interface RecordEntry {
  readonly kind: RecordKind
  /** Names the entry in addresses: its path below the root, each name encoded, joined by colons. */
  readonly id: string
  /** Its path below the root, with slashes. */
  readonly path: string
  readonly directory: string
  /** The search or study that it lies in. */
  readonly within: { readonly kind: Holder; readonly id: string } | null
}

/** What an entry alone tells of a record; its name is the directory's. */
export const columnsOf = ({ id, path, within }: RecordEntry) => ({
  id,
  path,
  within,
  name: path.split('/').at(-1) as string,
})

/** A record may lie so deep below the root: `study/searches/mlp/trials/0001/seed-1` and some to spare. */
const DEPTH = 8
/** Directories that are looked at, at most. */
const MOST = 50_000

/** Files that make a directory a record; the first kind that fits. A run that lost its manifest is still known by its events. */
const marks: readonly (readonly [RecordKind, readonly string[]])[] = [
  ['search', ['journal.log', 'results.json']],
  ['study', ['plan.json', 'study.json']],
  ['run', ['manifest.json', 'events.jsonl']],
  ['audit', [AUDIT_FILE]],
]

const kindOf = (entries: readonly Dirent[]): RecordKind | undefined =>
  marks.find(([, files]) => entries.some((entry) => !entry.isDirectory() && files.includes(entry.name)))?.[0]

/** Every record below a directory, links left alone: they may lead out of it. */
export async function scan(root: string): Promise<RecordEntry[]> {
  const found: RecordEntry[] = []
  let seen = 0
  const visit = async (names: readonly string[], within: RecordEntry['within']): Promise<void> => {
    seen += 1
    if (seen > MOST) return
    const directory = join(root, ...names)
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
    const kind = names.length === 0 ? undefined : kindOf(entries)
    const id = names.map(encodeURIComponent).join(':')
    if (kind !== undefined) found.push({ kind, id, path: names.join('/'), directory, within })
    if (kind === 'run' || names.length === DEPTH) return
    const inner = kind === undefined || kind === 'audit' ? within : { kind, id }
    for (const entry of entries) {
      if (entry.isDirectory() && !/^\.|^figures$|^node_modules$/.test(entry.name))
        await visit([...names, entry.name], inner)
    }
  }
  await visit([], null)
  return found
}
