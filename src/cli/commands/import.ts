import { basename, dirname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Command, Invocation } from '../command.ts'
import { choiceFlag, numberFlag, textFlag } from '../flags.ts'

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

export const importCommand: Command = {
  name: 'import',
  args: [{ flags: '<file>', text: 'a safetensors file with the weights of a network trained elsewhere' }],
  summary: 'make a weights file of ours from one of PyTorch or Keras',
  flags: [
    { flags: '--model <name>', text: 'the same network here: a named one or a JSON file' },
    { flags: '--layout <name>', text: 'torch or keras: how the file names and lays out weights' },
    {
      flags: '--data <source>',
      text: 'what it was trained on: image size, class names (default: fashion-mnist)',
    },
    { flags: '--class-names <list>', text: 'with commas between, where they stand in another order' },
    { flags: '--mean <x>', text: 'taken from byte / 255 (default: 0)' },
    { flags: '--std <x>', text: 'and what that is divided by (default: 1)' },
    { flags: '--names <list>', text: 'the file’s layers in the network’s order, with commas between' },
    { flags: '--out <file>', text: 'where to write it (default: NAME-imported.safetensors here)' },
    { flags: '--force', text: 'write over a file that is there' },
  ],
  async run({ args: [path], flags, terminal, signal }) {
    const { layouts } = await import('../../exchange/import/layouts.ts')
    const known = Object.keys(layouts) as (keyof typeof layouts)[]
    needed(flags, 'layout', `one of ${known.join(', ')}`)
    const layout = choiceFlag(flags, 'layout', known)!
    const name = needed(flags, 'model', 'a named network or a JSON file')
    const preprocessing = preprocessingOf(flags)
    const names = list(textFlag(flags, 'names'))
    const { readModel } = await import('../model.ts')
    const { loadSource } = await import('../data.ts')
    const { importModel } = await import('../../exchange/import/import.ts')
    const { makeDirectory } = await import('../../base/directory.ts')
    const { checkNoFile, readNamed, writeWhole } = await import('../../record/files.ts')
    const { encodeModelFile } = await import('../../record/model-file.ts')
    const { hashWeights } = await import('../../record/weights.ts')
    const out =
      textFlag(flags, 'out') ?? `${basename(path).replace(/\.safetensors$/, '')}-imported.safetensors`
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
    const { columns } = await import('../terminal.ts')
    terminal.print(
      [
        columns([['layer', `in ${basename(path)}`], ...matches.map(({ layer, from }) => [layer, from])]),
        '',
        `Wrote ${out}. Next: atelier evaluate ${out}`,
      ].join('\n'),
    )
    return 'done'
  },
}
