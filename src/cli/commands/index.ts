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

/** Every command, in the order of `--help`. A new one is a file and a row here. */
export const commands: readonly Command[] = [
  studyCommand,
  dataCommand,
  summaryCommand,
  trainCommand,
  tuneCommand,
  evaluateCommand,
  explainCommand,
  compareCommand,
  verifyCommand,
  exportCommand,
  importCommand,
  recognizeCommand,
  serveCommand,
  doctorCommand,
]
