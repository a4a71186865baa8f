import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FormWish } from '../pictures/form-wish.ts'
import { assemble, label } from './assemble.ts'
import { classNamesAmong } from './class-names.ts'
import { parseCsv } from './csv.ts'
import type { Dataset } from './dataset.ts'
import { holdOut } from './hold-out.ts'
import { readBytes } from './read-file.ts'

/** Reads one table, plain or gzip, and holds out a fifth of it for the test; `classes.txt` beside it may name the classes. */
export async function loadCsv(source: string, file: string, wish: FormWish): Promise<Dataset> {
  const table = parseCsv(await readBytes(file), file)
  const images = label(table, table.labels, file)
  const directory = dirname(file)
  const read = (name: string) => readBytes(join(directory, name))
  const classNames = await classNamesAmong({ present: await readdir(directory), read }, images.labels)
  return assemble({ source, title: basename(file), classNames, ...holdOut(images, file, classNames), wish })
}
