import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const evaluateCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run, or a .safetensors file' }],
  summary: 'evaluate a network on the test split, which is under seal until then',
  flags: [{ flags: '--data <source>', text: 'where the same data lie now, if elsewhere' }, ...engineFlags],
  load: () => import('./evaluate.run.ts'),
}
