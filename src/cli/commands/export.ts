import { basename, dirname, resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Command } from '../command.ts'
import { choiceFlag, textFlag } from '../flags.ts'

const names = ['onnx', 'safetensors', 'card', 'module'] as const

export const exportCommand: Command = {
  name: 'export',
  args: [{ flags: '<run>', text: 'the directory of a run, or a weights file' }],
  summary: 'write a trained network for others: ONNX, safetensors, a model card, a module for browsers',
  flags: [
    { flags: '--format <name>', text: `one of ${names.join(', ')}` },
    { flags: '--out <file>', text: 'where to write it; NAME.EXTENSION here, unless told otherwise' },
    { flags: '--force', text: 'write over a file that is there' },
  ],
  async run({ args: [path], flags, terminal }) {
    const format = choiceFlag(flags, 'format', names)
    if (format === undefined) {
      throw new InputError({ at: '--format', expected: `one of ${names.join(', ')}`, received: 'nothing' })
    }
    const { formats, readExportSource } = await import('../../exchange/formats.ts')
    const { makeDirectory } = await import('../../base/directory.ts')
    const { checkNoFile, writeWhole } = await import('../../record/files.ts')
    const { hashWeights } = await import('../../record/weights.ts')
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
  },
}
