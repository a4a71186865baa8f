import { InputError } from '../../base/errors.ts'
import { describeForm } from '../../pictures/form.ts'
import { loadClassifier } from '../../recognition/load.ts'
import { pictureFiles } from '../../recognition/picture-files.ts'
import { recognizeFiles } from '../../recognition/recognize-files.ts'
import type { Invocation, Outcome } from '../command.ts'
import { openExplaining } from '../explaining.ts'
import { textFlag } from '../flags.ts'
import { tellInCsv, tellInJson, tellInText } from '../recognition-tellers.ts'

const clash = (at: string, expected: string, received: string) => new InputError({ at, expected, received })

export async function run({ args, flags, terminal, signal }: Invocation): Promise<Outcome> {
  const [isCsv, explains, out] = [flags.csv === true, flags.explain === true, textFlag(flags, 'out')]
  if (isCsv && terminal.json) throw clash('--csv', 'no --json beside it', 'both')
  if (isCsv && explains) throw clash('--csv', 'no --explain beside it', 'both')
  if (out !== undefined && !explains) throw clash('--out', '--explain beside it', 'none')
  const files = await pictureFiles(args)
  const predictor = await loadClassifier(textFlag(flags, 'model'))
  const explaining = explains ? await openExplaining(predictor, out) : undefined
  const { classNames, model } = predictor
  if (model.form.origin === 'assumed') terminal.note(`Pictures become ${describeForm(model.form)}.`)
  const setting = { terminal, model: model.name, classNames, count: files.length }
  const teller = terminal.json
    ? tellInJson(setting)
    : isCsv
      ? tellInCsv(setting)
      : tellInText(setting, explains)
  let [done, refused] = [0, 0]
  try {
    for await (const answer of recognizeFiles(files, predictor)) {
      if (signal.aborted) break
      if (answer.type === 'refused') {
        if (files.length === 1) throw answer.problem
        refused += 1
      }
      teller.tell(answer, answer.type === 'recognized' ? await explaining?.explain(answer) : undefined)
      done += 1
      terminal.progress(`${done} of ${files.length} pictures`)
    }
  } finally {
    predictor.close()
    explaining?.close()
  }
  teller.end()
  if (done < files.length) return 'interrupted'
  if (refused === 0) return 'done'
  const received = refused === 1 ? 'one that cannot be recognized' : `${refused} that cannot be recognized`
  throw new InputError({ at: 'recognize', expected: `${files.length} pictures`, received })
}
