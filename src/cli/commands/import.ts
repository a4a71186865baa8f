import type { Command } from '../command.ts'

export const importCommand: Command = {
  args: [{ flags: '<file>', text: 'a safetensors file with the weights of a network trained elsewhere' }],
  summary: 'make a weights file of ours from one of PyTorch or Keras',
  flags: [
    { flags: '--model <name>', text: 'the same network here: a named one or a JSON file' },
    { flags: '--layout <name>', text: 'torch or keras: how the file names and lays out weights' },
    {
      flags: '--data <source>',
      text: 'what it was trained on: image size, class names (default: fashion-mnist)',
    },
    { flags: '--class-names <list>', text: 'with commas between, where they stand in another order' },
    { flags: '--mean <x>', text: 'taken from byte / 255 (default: 0)' },
    { flags: '--std <x>', text: 'and what that is divided by (default: 1)' },
    { flags: '--names <list>', text: 'the file’s layers in the network’s order, with commas between' },
    { flags: '--out <file>', text: 'where to write it (default: NAME-imported.safetensors here)' },
    { flags: '--force', text: 'write over a file that is there' },
  ],
  load: () => import('./import.run.ts'),
}
