import { keysOf } from '../../base/keys.ts'
import { monitors } from '../../recipe/early-stopping.ts'
import { inWords } from '../../recipe/read.ts'
import { settings } from '../../recipe/settings.ts'
import type { Command } from '../command.ts'

const monitorNames = inWords(keysOf(monitors))

export const tuneCommand: Command = {
  args: [{ flags: '<space>', text: 'mlp, cnn, or a .json or .ts file (docs/search.md says what it holds)' }],
  summary: 'search for the best network: parallel, reproducible, resumable',
  flags: [
    { flags: '--trials <n>', text: 'number of trials (default: 64, or all points if fewer)' },
    { flags: '--fraction <share>', text: 'share of all points of the space, rounded down' },
    { flags: '--sampler <name>', text: 'random, grid, sobol, tpe or gp (default: random)' },
    {
      flags: '--pruner <name>',
      text: 'none, median, asha or hyperband; asha:minimum=3,factor=3 sets options (default: none)',
    },
    {
      flags: '--workers <n>',
      text: 'parallel trials (default: one per core); results do not depend on it',
    },
    {
      flags: '--lag <n>',
      text: 'latest trials whose results a decision does not wait for (default: 4); 0 learns from every one',
    },
    {
      flags: '--data <source>',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
    { flags: '--epochs <n>', text: 'maximum epochs per trial (default: 100)' },
    { flags: '--early-stopping <patience>', text: 'epochs without improvement, 0 for none (default: 5)' },
    {
      flags: '--metric <name>',
      text: `the metric to optimize: ${monitorNames} (default: val-accuracy)`,
    },
    {
      flags: '--monitor <name>',
      text: `the quantity early stopping monitors: ${monitorNames} (default: ${settings.monitor.default})`,
    },
    {
      flags: '--repeats <k>',
      text: 'seeds per point; values are means with confidence intervals (default: 1)',
    },
    { flags: '--seed <n>', text: 'seed of the search and of every training run (default: 1)' },
    { flags: '--time-limit <time>', text: 'stop after 90s, 20m or 1h30m; --resume continues' },
    { flags: '--target <metric=value>', text: 'stop once a trial reaches it: val-accuracy=0.9' },
    { flags: '--patience <n>', text: 'stop after this many trials without improvement' },
    { flags: '--retrain', text: 'retrain the best point with another seed and evaluate it too' },
    { flags: '--backend <name>', text: 'native, wasm or reference' },
    { flags: '--arithmetic <name>', text: 'strict or fused' },
    { flags: '--out <dir>', text: 'directory of the search (default: runs/search-NAME)' },
    { flags: '--resume', text: 'resume the search in --out' },
  ],
  load: () => import('./tune.run.ts'),
}
