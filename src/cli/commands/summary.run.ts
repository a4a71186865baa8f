import { namedNetworks, network } from '../../model/named.ts'
import { summarize, summaryTable } from '../../model/summary.ts'
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
  const spec = await readModel(model, {})
  terminal.document({ ...summarize(spec), model: spec })
  terminal.print(summaryTable(spec))
  return 'done'
}
