import { dirname, join } from 'node:path'
import { makeDirectory } from '../../base/directory.ts'
import { InputError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import { standalone } from '../../document/to-markdown.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { writeWhole } from '../../record/files.ts'
import type { ExplainedImage, RunExplanation } from '../../runs/explain-run.ts'
import { explainRun } from '../../runs/explain-run.ts'
import { readRun } from '../../runs/run.ts'
import { decimal } from '../../visualization/format.ts'
import { glowing, inColor, sideBySide } from '../../visualization/heat.ts'
import { drawImageGrid } from '../../visualization/image-grid.ts'
import { encodePng, pngAddress, serverDocument } from '../../visualization/server.ts'
import { packSprite } from '../../visualization/sprite.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadRecorded } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'

/** Numbers of images: `12` or `12,40,7`. */
function imageNumbers(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',').map((part) => part.trim())
  if (parts.every((part) => /^\d{1,9}$/.test(part))) return parts.map(Number)
  throw new InputError({
    at: '--image',
    expected: 'numbers of test images, such as 12 or 12,40',
    received: `"${text}"`,
  })
}

/** The number of a class by its name. */
function classNumber(name: string | undefined, names: readonly string[]): number | undefined {
  if (name === undefined) return undefined
  const label = names.indexOf(name)
  if (label >= 0) return label
  const meant = nearest(name, names)
  const parts = { at: '--class', expected: `one of ${names.join(', ')}`, received: `"${name}"` }
  throw new InputError(meant === undefined ? parts : { ...parts, hint: `Did you mean ${meant}?` })
}

const words = (
  { index, truth, predicted, explained, probability }: ExplainedImage,
  names: readonly string[],
) => ({
  image: index,
  is: names[truth],
  said: names[predicted],
  probability,
  explained: names[explained],
})

/** The images and where the network looked, as one drawing that stands by itself. */
async function drawing(
  { answers, images, heat }: RunExplanation,
  title: string,
  names: readonly string[],
): Promise<string> {
  const sprite = packSprite(sideBySide([inColor(images), glowing(images, heat)]))
  const labels = answers.map((answer) => {
    const { image, is, said, probability, explained } = words(answer, names)
    const lines = [`${image}: is ${is}`, `said ${said} ${decimal(probability, 2)}`]
    const asked = explained === said ? [] : [`shown: ${explained}`]
    return { lines: [...lines, ...asked], title: `Test image ${[...lines, ...asked].join(', ')}` }
  })
  const description = labels.map((label) => label.title).join('; ')
  const url = pngAddress(await encodePng(sprite))
  const grid = { id: 'explained', title, description, sprite, url, labels, columns: 4, tileWidth: 170 }
  return `${standalone(drawImageGrid(serverDocument(), grid))}\n`
}

export async function run({ args: [directory], flags, terminal, signal }: Invocation): Promise<Outcome> {
  const images = imageNumbers(textFlag(flags, 'image'))
  const run = await readRun(directory)
  const { model, engine: recorded, data: source } = run.manifest
  const label = classNumber(textFlag(flags, 'class'), source.classNames)
  const engine = chooseBackend({ arithmetic: recorded.arithmetic, ...engineChoice(flags) })
  const data = await loadRecorded(run, terminal, signal, textFlag(flags, 'data'))
  const found = await explainRun(run, data, engine, { images, label, layer: textFlag(flags, 'layer') })
  if (found.answers.length === 0) {
    terminal.document({
      run: directory,
      model: model.name,
      method: found.method,
      layer: found.layer ?? null,
      file: null,
      images: [],
    })
    terminal.print(`${model.name} makes no mistake on the test images; --image N explains any of them.`)
    return 'done'
  }
  const file = textFlag(flags, 'out') ?? join(directory, 'explanation.svg')
  const how = found.layer === undefined ? 'input gradients' : `Grad-CAM at ${found.layer}`
  await makeDirectory(dirname(file))
  await writeWhole(file, await drawing(found, `Where ${model.name} looks: ${how}`, source.classNames))
  const rows = found.answers.map((answer) => words(answer, source.classNames))
  terminal.document({
    run: directory,
    model: model.name,
    method: found.method,
    layer: found.layer ?? null,
    file,
    images: rows,
  })
  terminal.print(
    [
      `${model.name}, ${how}`,
      '',
      columns([
        ['test image', 'true', 'predicted', 'probability', 'explained'],
        ...rows.map((row) => [row.image, row.is, row.said, row.probability.toFixed(3), row.explained]),
      ]),
      '',
      `Drawn: ${file}`,
    ].join('\n'),
  )
  return 'done'
}
