import type { Command } from '../command.ts'

export const importCommand: Command = {
  args: [{ flags: '<file>', text: 'a safetensors file with the weights of a network trained elsewhere' }],
  summary: 'convert PyTorch or Keras weights to an Atelier weights file',
  flags: [
    { flags: '--model <name>', text: 'the same network here: a named one or a JSON file' },
    { flags: '--layout <name>', text: 'torch or keras: how the file names and lays out weights' },
    {
      flags: '--data <source>',
      text: 'what it was trained on: image size, class names (default: fashion-mnist)',
    },
    { flags: '--class-names <list>', text: 'comma-separated, if they are in another order' },
    { flags: '--mean <x>', text: 'subtracted from byte / 255 (default: 0)' },
    { flags: '--std <x>', text: 'what the difference is divided by (default: 1)' },
    { flags: '--names <list>', text: 'the file’s layers in the network’s order, comma-separated' },
    { flags: '--out <file>', text: 'file to write (default: NAME-imported.safetensors here)' },
    { flags: '--force', text: 'overwrite an existing file' },
  ],
  load: () => import('./import.run.ts'),
}
