import type { Command } from '../command.ts'

export const recognizeCommand: Command = {
  args: [{ flags: '<pictures...>', text: 'files (PNG, JPEG, WebP, GIF, TIFF, AVIF) and folders of them' }],
  summary: 'classify pictures',
  flags: [
    {
      flags: '--model <file>',
      text: 'weights file or run to use (default: the network that comes with the package)',
    },
    { flags: '--explain', text: 'show the network’s input and where it looked' },
    { flags: '--out <dir>', text: 'with --explain: write a drawing of each picture (SVG) there' },
    { flags: '--csv', text: 'print comma-separated values' },
  ],
  load: () => import('./recognize.run.ts'),
}
