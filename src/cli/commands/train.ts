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
    { flags: '--seeds <list>', text: 'train once with each, as in 1,2,3: mean and interval, a run a seed' },
    ...flagWords(flagRows(splitOptions)),
    ...engineFlags,
    { flags: '--out <dir>', text: 'directory of the run, which must not exist (default: runs/…)' },
    {
      flags: '--resume <run>',
      text: 'go on with a run that was cut; every other setting is the recorded one',
    },
  ],
  load: () => import('./train.run.ts'),
}
