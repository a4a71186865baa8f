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
  summary:
    'inspect a dataset: shapes, range, classes, balance, duplicates; --audit finds near-duplicates and wrong labels',
  flags: [
    ...flagWords(flagRows(splitOptions)),
    { flags: '--seed <n>', text: 'seed of the split and the audit (default: 1)' },
    {
      flags: '--out <dir>',
      text: 'also write text and figures (Markdown, SVG), and the audit as a page, into this directory',
    },
    {
      flags: '--audit',
      text: 'find near-duplicates within and across splits, and labels that are probably wrong',
    },
    {
      flags: '--threshold <n>',
      text: 'audit: near-duplicates differ by at most this many gray levels (default: 10)',
    },
    { flags: '--network <name>', text: 'audit: the network that judges labels (default: cnn-small)' },
    { flags: '--folds <n>', text: 'audit: folds of the cross-validation (default: 5)' },
    { flags: '--epochs <n>', text: 'audit: epochs per training run (default: 6)' },
    ...engineFlags,
  ],
  load: () => import('./data.run.ts'),
}
