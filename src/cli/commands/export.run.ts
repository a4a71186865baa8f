import { basename, dirname, resolve } from 'node:path'
import { makeDirectory } from '../../base/directory.ts'
import { InputError } from '../../base/errors.ts'
import { type FormatName, formats, readExportSource } from '../../exchange/formats.ts'
import { checkNoFile, writeWhole } from '../../record/files.ts'
import { hashWeights } from '../../record/weights.ts'
import type { Invocation, Outcome } from '../command.ts'
import { choiceFlag, textFlag } from '../flags.ts'

const names = Object.keys(formats) as FormatName[]

export async function run({ args: [path], flags, terminal }: Invocation): Promise<Outcome> {
  const format = choiceFlag(flags, 'format', names)
  if (format === undefined) {
    throw new InputError({ at: '--format', expected: `one of ${names.join(', ')}`, received: 'nothing' })
  }
  const { title, extension, encode } = formats[format]
  const file =
    textFlag(flags, 'out') ?? `${basename(resolve(path)).replace(/\.safetensors$/, '')}${extension}`
  if (flags.force !== true) await checkNoFile(file, 'Choose another --out, or add --force.')
  const source = await readExportSource(path)
  const content = Buffer.from(encode(source))
  await makeDirectory(dirname(file))
  await writeWhole(file, content)
  const weightsHash = hashWeights(source.model.tensors)
  terminal.document({ run: path, format, file, bytes: content.length, weightsHash })
  terminal.print(`Wrote ${file}: ${title}, ${content.length.toLocaleString('en-US')} bytes.`)
  return 'done'
}
