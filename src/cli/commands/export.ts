import type { Command } from '../command.ts'

export const exportCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run, or a weights file' }],
  summary: 'write a trained network for others: ONNX, safetensors, a model card, a module for browsers',
  flags: [
    { flags: '--format <name>', text: 'one of onnx, safetensors, card, module' },
    { flags: '--out <file>', text: 'where to write it; NAME.EXTENSION here, unless told otherwise' },
    { flags: '--force', text: 'write over a file that is there' },
  ],
  load: () => import('./export.run.ts'),
}
