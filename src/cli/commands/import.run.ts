import { basename, dirname } from 'node:path'
import { makeDirectory } from '../../base/directory.ts'
import { InputError } from '../../base/errors.ts'
import { shellQuoted } from '../../base/shell.ts'
import { importModel } from '../../exchange/import/import.ts'
import { layouts } from '../../exchange/import/layouts.ts'
import { checkNoFile, readNamed, writeWhole } from '../../record/files.ts'
import { encodeModelFile } from '../../record/model-file.ts'
import { hashWeights } from '../../record/weights.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadSource } from '../data.ts'
import { choiceFlag, numberFlag, textFlag } from '../flags.ts'
import { readModel } from '../model.ts'
import { columns } from '../terminal.ts'

/** Words with commas between. */
const list = (text: string | undefined) => text?.split(',').map((word) => word.trim())

function needed(flags: Invocation['flags'], name: string, expected: string): string {
  const text = textFlag(flags, name)
  if (text !== undefined) return text
  throw new InputError({ at: `--${name}`, expected, received: 'nothing' })
}

/** (byte / 255 − mean) / deviation as byte·scale + shift. */
function preprocessingOf(flags: Invocation['flags']) {
  const mean = numberFlag(flags, 'mean', { usual: 0.286 }) ?? 0
  const deviation = numberFlag(flags, 'std', { above: 0, usual: 0.353 }) ?? 1
  return { scale: 1 / 255 / deviation, shift: mean === 0 ? 0 : -mean / deviation }
}

export async function run({ args: [path], flags, terminal, signal }: Invocation): Promise<Outcome> {
  const known = Object.keys(layouts) as (keyof typeof layouts)[]
  needed(flags, 'layout', `one of ${known.join(', ')}`)
  const layout = choiceFlag(flags, 'layout', known)!
  const name = needed(flags, 'model', 'a named network or a JSON file')
  const preprocessing = preprocessingOf(flags)
  const names = list(textFlag(flags, 'names'))
  const out = textFlag(flags, 'out') ?? `${basename(path).replace(/\.safetensors$/, '')}-imported.safetensors`
  if (flags.force !== true) await checkNoFile(out, 'Choose another --out, or add --force.')
  const file = await readNamed(path, 'a safetensors file')
  await readModel(name, {})

  const dataset = await loadSource(textFlag(flags, 'data') ?? 'fashion-mnist', terminal, signal)
  const { height, width, channels } = dataset.train
  const imageShape = [height, width, channels]
  const classNames = list(textFlag(flags, 'class-names')) ?? dataset.classNames
  const spec = await readModel(name, { imageShape, classes: classNames.length })
  const { source } = dataset
  const request = { layout, spec, classNames, imageShape, preprocessing, source }
  const { model, matches } = importModel(file, path, names === undefined ? request : { ...request, names })
  await makeDirectory(dirname(out))
  await writeWhole(out, encodeModelFile(model))
  terminal.document({ file: out, model: spec.name, weightsHash: hashWeights(model.tensors), matches })
  terminal.print(
    [
      columns([['layer', `in ${basename(path)}`], ...matches.map(({ layer, from }) => [layer, from])]),
      '',
      `Wrote ${out}. Next: atelier evaluate ${shellQuoted(out)}`,
    ].join('\n'),
  )
  return 'done'
}
