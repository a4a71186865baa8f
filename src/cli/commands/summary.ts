import type { Command } from '../command.ts'

export const summaryCommand: Command = {
  name: 'summary',
  args: [{ flags: '[model]', text: 'a named network or a JSON file; without it, all names' }],
  summary: 'print the layer table of a network',
  flags: [],
  async run({ args: [model], terminal }) {
    const { namedNetworks, network } = await import('../../model/named.ts')
    const { summarize, summaryTable } = await import('../../model/summary.ts')
    if (model === undefined) {
      const all = Object.keys(namedNetworks).map((name) => summarize(network(name)))
      const { columns } = await import('../terminal.ts')
      terminal.document(all)
      terminal.print(
        columns([
          ['network', 'parameters'],
          ...all.map(({ name, total }) => [name, total.toLocaleString('en-US')]),
        ]),
      )
      return 'done'
    }
    const { readModel } = await import('../model.ts')
    const spec = await readModel(model, {})
    terminal.document({ ...summarize(spec), model: spec })
    terminal.print(summaryTable(spec))
    return 'done'
  },
}
