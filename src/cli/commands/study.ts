import type { Command } from '../command.ts'
import { engineFlags } from '../flags.ts'

export const studyCommand: Command = {
  args: [{ flags: '[study]', text: 'fashion-mnist (default), or a JSON file with a plan of your own' }],
  summary: 'run the reference study from data to report',
  flags: [
    {
      flags: '--profile <name>',
      text: 'quick (three minutes on two cores), full (100 epochs each), recipes (the best accuracies), sprint (seconds to an accuracy); default: quick',
    },
    {
      flags: '--data <source>',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist, else silhouettes)',
    },
    ...engineFlags,
    { flags: '--out <dir>', text: 'directory of the study; must not exist yet (default: runs/study-…)' },
    {
      flags: '--pdf',
      text: 'also write the report as a paper of at most five pages (set by Typst, an optional package)',
    },
    { flags: '--resume', text: 'resume the study in --out; finished parts are not run again' },
    { flags: '--print-plan', text: 'print the plan as JSON, to copy and change, and run nothing' },
  ],
  load: () => import('./study.run.ts'),
}
