import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const verifyCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run' }],
  summary: 'retrain from a record and compare the weights bit for bit',
  flags: [{ flags: '--data <source>', text: 'where the same data are now, if they moved' }, ...engineFlags],
  load: () => import('./verify.run.ts'),
}
