import type { Command } from '../command.ts'

export const summaryCommand: Command = {
  args: [{ flags: '[model]', text: 'a named network, a JSON file, weights or a run; without it, all names' }],
  summary: 'print the layer table of a network',
  flags: [],
  load: () => import('./summary.run.ts'),
}
