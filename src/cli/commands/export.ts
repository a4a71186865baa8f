import type { Command } from '../command.ts'

export const exportCommand: Command = {
  args: [{ flags: '<run>', text: 'the directory of a run, or a weights file' }],
  summary: 'export a trained network: ONNX, safetensors, a model card, a module for browsers',
  flags: [
    { flags: '--format <name>', text: 'one of onnx, safetensors, card, module' },
    { flags: '--out <file>', text: 'file to write (default: NAME.EXTENSION here)' },
    { flags: '--force', text: 'overwrite an existing file' },
  ],
  load: () => import('./export.run.ts'),
}
