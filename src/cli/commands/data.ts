import { flagRows, flagWords } from '../../recipe/flag-rows.ts'
import { splitOptions } from '../../recipe/split-options.ts'
import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const dataCommand: Command = {
  args: [
    {
      flags: '[source]',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
  ],
  summary: 'look at a dataset: shapes, range, classes, balance, duplicates; --audit finds its faults',
  flags: [
    ...flagWords(flagRows(splitOptions)),
    { flags: '--seed <n>', text: 'of the split and the audit (default: 1)' },
    {
      flags: '--out <dir>',
      text: 'also write text and figures (Markdown, SVG), and the audit as a page, into this directory',
    },
    {
      flags: '--audit',
      text: 'look for faults: duplicates within and across splits, labels that are probably wrong',
    },
    {
      flags: '--threshold <n>',
      text: 'audit: near-duplicates differ by at most so many gray levels (default: 10)',
    },
    { flags: '--network <name>', text: 'audit: the network that judges labels (default: cnn-small)' },
    { flags: '--folds <n>', text: 'audit: how many parts judge each other (default: 5)' },
    { flags: '--epochs <n>', text: 'audit: of each training (default: 6)' },
    ...engineFlags,
  ],
  load: () => import('./data.run.ts'),
}
