import { InputError } from '../../base/errors.ts'
import type { Command } from '../command.ts'
import { textFlag } from '../flags.ts'

const clash = (at: string, expected: string, received: string) => new InputError({ at, expected, received })

export const recognizeCommand: Command = {
  name: 'recognize',
  args: [{ flags: '<pictures...>', text: 'files (PNG, JPEG, WebP, GIF, TIFF, AVIF) and folders of them' }],
  summary: 'say what is in pictures',
  flags: [
    {
      flags: '--model <file>',
      text: 'weights or a run to recognize with (default: the network that comes with the package)',
    },
    { flags: '--explain', text: 'show what the network saw, and where it looked' },
    { flags: '--out <dir>', text: 'with --explain: write a drawing of each picture (SVG) there' },
    { flags: '--csv', text: 'write comma-separated values' },
  ],
  async run({ args, flags, terminal, signal }) {
    const [isCsv, explains, out] = [flags.csv === true, flags.explain === true, textFlag(flags, 'out')]
    if (isCsv && terminal.json) throw clash('--csv', 'no --json beside it', 'both')
    if (isCsv && explains) throw clash('--csv', 'no --explain beside it', 'both')
    if (out !== undefined && !explains) throw clash('--out', '--explain beside it', 'none')
    const { load } = await import('../../recognition/load.ts')
    const { pictureFiles } = await import('../../recognition/picture-files.ts')
    const { recognizeFiles } = await import('../../recognition/recognize-files.ts')
    const { tellInCsv, tellInJson, tellInText } = await import('../recognition-tellers.ts')
    const files = await pictureFiles(args)
    const recognizer = await load(textFlag(flags, 'model'))
    const explaining = explains
      ? await (await import('../explaining.ts')).openExplaining(recognizer, out)
      : undefined
    const { classNames, model } = recognizer
    const setting = { terminal, model: model.name, classNames, count: files.length }
    const teller = terminal.json
      ? tellInJson(setting)
      : isCsv
        ? tellInCsv(setting)
        : tellInText(setting, explains)
    let [done, refused] = [0, 0]
    try {
      for await (const answer of recognizeFiles(files, recognizer)) {
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
      recognizer.close()
      explaining?.close()
    }
    teller.end()
    if (done < files.length) return 'interrupted'
    if (refused === 0) return 'done'
    const received = refused === 1 ? 'one that cannot be recognized' : `${refused} that cannot be recognized`
    throw new InputError({ at: 'recognize', expected: `${files.length} pictures`, received })
  },
}
