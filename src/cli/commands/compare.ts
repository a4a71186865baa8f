import type { Command } from '../command.ts'

export const compareCommand: Command = {
  args: [{ flags: '<runs...>', text: 'the directories of two or more runs' }],
  summary: 'compare runs: which differ by more than chance, what they cost, what differs in their settings',
  flags: [],
  load: () => import('./compare.run.ts'),
}
