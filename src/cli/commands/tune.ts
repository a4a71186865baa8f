import type { Command } from '../command.ts'

export const tuneCommand: Command = {
  args: [{ flags: '<space>', text: 'mlp, cnn, or a .json or .ts file (docs/search.md says what it holds)' }],
  summary: 'search for the best network: in parallel, reproducible, resumable',
  flags: [
    { flags: '--trials <n>', text: 'points to try (default: 64, or all there are)' },
    { flags: '--fraction <share>', text: 'of all points of the space, rounded down' },
    { flags: '--sampler <name>', text: 'random, grid, sobol or tpe (default: random)' },
    {
      flags: '--pruner <name>',
      text: 'none, median, asha or hyperband; asha:minimum=3,factor=3 sets options (default: none)',
    },
    {
      flags: '--workers <n>',
      text: 'trials at once (default: one a core); they change nothing but the time',
    },
    {
      flags: '--data <source>',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
    { flags: '--epochs <n>', text: 'most epochs of a trial (default: 100)' },
    { flags: '--early-stopping <patience>', text: 'epochs without improvement, 0 for none (default: 5)' },
    {
      flags: '--metric <name>',
      text: 'what is to be best: val-accuracy or val-loss (default: val-accuracy)',
    },
    {
      flags: '--monitor <name>',
      text: 'what early stopping watches: val-loss or val-accuracy (default: val-loss)',
    },
    { flags: '--repeats <k>', text: 'seeds a point; values are means, with intervals (default: 1)' },
    { flags: '--seed <n>', text: 'of the search and of every training (default: 1)' },
    { flags: '--time-limit <time>', text: 'stop after 90s, 20m, 1h30m; --resume goes on' },
    { flags: '--target <metric=value>', text: 'stop once a trial reaches it: val-accuracy=0.9' },
    { flags: '--patience <n>', text: 'stop after so many trials without a better one' },
    { flags: '--retrain', text: 'train the best point again with another seed, and test that too' },
    { flags: '--backend <name>', text: 'native, wasm or reference' },
    { flags: '--arithmetic <name>', text: 'strict or fused' },
    { flags: '--out <dir>', text: 'directory of the search (default: runs/search-NAME)' },
    { flags: '--resume', text: 'go on with the search in that directory' },
  ],
  load: () => import('./tune.run.ts'),
}
