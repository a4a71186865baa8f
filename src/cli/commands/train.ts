import { flagRows, flagWords } from '../../recipe/flag-rows.ts'
import { networkOptions } from '../../recipe/network-options.ts'
import { splitOptions } from '../../recipe/split-options.ts'
import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const trainCommand: Command = {
  args: [],
  summary: 'train a network and record it',
  flags: [
    { flags: '--model <name>', text: 'a named network or a JSON file (atelier summary lists them)' },
    {
      flags: '--data <source>',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
    ...flagWords(flagRows(networkOptions)),
    ...flagWords(),
    {
      flags: '--seeds <list>',
      text: 'train once with each seed, as in 1,2,3: one run per seed, mean and interval',
    },
    ...flagWords(flagRows(splitOptions)),
    ...engineFlags,
    { flags: '--out <dir>', text: 'directory of the run; must not exist yet (default: runs/…)' },
    {
      flags: '--resume <run>',
      text: 'resume an interrupted run; all other settings come from its record',
    },
  ],
  load: () => import('./train.run.ts'),
}
