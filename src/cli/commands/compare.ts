import type { Command } from '../command.ts'

export const compareCommand: Command = {
  args: [{ flags: '<runs...>', text: 'the directories of two or more runs' }],
  summary: 'compare runs: significant differences, cost, and which settings differ',
  flags: [],
  load: () => import('./compare.run.ts'),
}
