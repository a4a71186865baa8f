import { checkFree } from '../record/files.ts'

/** `20261124-065701-250`, in UTC to the millisecond. */
const timestamp = () => new Date().toISOString().replace(/[-:Z]/g, '').replace('T', '-').replace('.', '-')

/** Where a new record goes: the place asked for, which must be free, or one of its own under `runs/`. */
export async function newDirectory(wanted: string | undefined, name: string): Promise<string> {
  if (wanted === undefined) return `runs/${name}-${timestamp()}`
  await checkFree(wanted, 'Choose another --out, or remove it.')
  return wanted
}
