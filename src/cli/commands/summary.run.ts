import { stat } from 'node:fs/promises'
import { isNetworkName, namedNetworks, network } from '../../model/named.ts'
import { summarize, summaryTable } from '../../model/summary.ts'
import { describeForm } from '../../pictures/form.ts'
import { trainedModel } from '../../recognition/trained-model.ts'
import { readModelFile } from '../../runs/run.ts'
import type { Invocation, Outcome } from '../command.ts'
import { readModel } from '../model.ts'
import { columns } from '../terminal.ts'

export async function run({ args: [model], terminal }: Invocation): Promise<Outcome> {
  if (model === undefined) {
    const all = Object.keys(namedNetworks).map((name) => summarize(network(name)))
    terminal.document(all)
    terminal.print(
      columns([
        ['network', 'parameters'],
        ...all.map(({ name, total }) => [name, total.toLocaleString('en-US')]),
      ]),
    )
    return 'done'
  }
  if (!isNetworkName(model) && (await isTrained(model))) {
    const { spec, form, source } = trainedModel(await readModelFile(model), model)
    terminal.document({ ...summarize(spec), model: spec, source: source ?? null, form })
    terminal.print(`${summaryTable(spec)}\nPictures: ${describeForm(form)}`)
    return 'done'
  }
  const spec = await readModel(model, {})
  terminal.document({ ...summarize(spec), model: spec })
  terminal.print(summaryTable(spec))
  return 'done'
}

/** Whether a name is that of weights or of a run's directory. */
const isTrained = async (name: string) =>
  name.endsWith('.safetensors') || (await stat(name).catch(() => undefined))?.isDirectory() === true
