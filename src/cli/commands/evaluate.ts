import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const evaluateCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run, or a .safetensors file' }],
  summary: 'evaluate a trained network on the test split, which training and search never read',
  flags: [{ flags: '--data <source>', text: 'where the same data are now, if they moved' }, ...engineFlags],
  load: () => import('./evaluate.run.ts'),
}
