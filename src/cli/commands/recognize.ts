import type { Command } from '../command.ts'

export const recognizeCommand: Command = {
  args: [{ flags: '<pictures...>', text: 'files (PNG, JPEG, WebP, GIF, TIFF, AVIF) and folders of them' }],
  summary: 'say what is in pictures',
  flags: [
    {
      flags: '--model <file>',
      text: 'weights or a run to recognize with (default: the network that comes with the package)',
    },
    { flags: '--explain', text: 'show what the network saw, and where it looked' },
    { flags: '--out <dir>', text: 'with --explain: write a drawing of each picture (SVG) there' },
    { flags: '--csv', text: 'write comma-separated values' },
  ],
  load: () => import('./recognize.run.ts'),
}
