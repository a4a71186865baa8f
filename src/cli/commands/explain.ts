import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const explainCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run that was evaluated' }],
  summary: 'show where a network looks: Grad-CAM for convolutions, input gradients for others',
  flags: [
    { flags: '--image <n>', text: 'numbers of test images: 12 or 12,40 (default: the worst mistakes)' },
    {
      flags: '--class <name>',
      text: 'explain the score of this class (default: the predicted class)',
    },
    { flags: '--layer <name>', text: 'layer for Grad-CAM (default: the last convolution)' },
    { flags: '--data <source>', text: 'where the same data are now, if they moved' },
    { flags: '--out <file>', text: 'where to draw it (default: explanation.svg in the run’s directory)' },
    ...engineFlags,
  ],
  load: () => import('./explain.run.ts'),
}
