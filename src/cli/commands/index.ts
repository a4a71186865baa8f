import type { Command } from '../command.ts'
import { compareCommand } from './compare.ts'
import { dataCommand } from './data.ts'
import { doctorCommand } from './doctor.ts'
import { evaluateCommand } from './evaluate.ts'
import { explainCommand } from './explain.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { recognizeCommand } from './recognize.ts'
import { serveCommand } from './serve.ts'
import { studyCommand } from './study.ts'
import { summaryCommand } from './summary.ts'
import { trainCommand } from './train.ts'
import { tuneCommand } from './tune.ts'
import { verifyCommand } from './verify.ts'

/** Every command by its name, in the order of `--help`. A new one is a declaration with its module, and a row here. */
export const commands = {
  study: studyCommand,
  data: dataCommand,
  summary: summaryCommand,
  train: trainCommand,
  tune: tuneCommand,
  evaluate: evaluateCommand,
  explain: explainCommand,
  compare: compareCommand,
  verify: verifyCommand,
  export: exportCommand,
  import: importCommand,
  recognize: recognizeCommand,
  serve: serveCommand,
  doctor: doctorCommand,
} as const satisfies Readonly<Record<string, Command>>
export type CommandName = keyof typeof commands
