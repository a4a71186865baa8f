import { csvLine } from '../base/csv.ts'
import type { RecognizedFile, RefusedFile } from '../recognition/recognize-files.ts'
import { type Explained, explainedDocument, explainedText } from './explaining.ts'
import { recognitionRow, recognitionText } from './recognition-text.ts'
import { columns, type Terminal } from './terminal.ts'

/** Tells what was recognized, in one form or another. */
export interface Teller {
  tell(answer: RecognizedFile | RefusedFile, explained: Explained | undefined): void
  end(): void
}

/** What every teller needs to know. */
export interface Setting {
  readonly terminal: Terminal
  readonly model: string
  readonly classNames: readonly string[]
  /** Of pictures that were asked about. */
  readonly count: number
}

/** A sentence and bars where there is one picture or explanations; else a table. */
export function tellInText({ terminal, classNames, count }: Setting, explains: boolean): Teller {
  const rows: string[][] = []
  return {
    tell(answer, explained) {
      if (answer.type === 'refused') terminal.warn(answer.problem.message)
      else if (count === 1 || explains) {
        const text = recognitionText(answer, classNames, terminal)
        terminal.print(explained ? `${text}\n\n${explainedText(explained, terminal.colored)}\n` : text)
      } else rows.push(recognitionRow(answer, classNames))
    },
    end() {
      if (rows.length > 0) terminal.print(columns([['file', 'class', 'probability', 'or'], ...rows]))
    },
  }
}

/** Comma-separated values (RFC 4180): a line for each picture, with the probability of every class. */
export function tellInCsv({ terminal, classNames }: Setting): Teller {
  terminal.print(csvLine(['file', 'class', 'probability', 'sure', ...classNames, 'problem']))
  return {
    tell(answer) {
      if (answer.type === 'refused') {
        const nothing = Array.from(classNames, () => '')
        return terminal.print(csvLine([answer.file, '', '', '', ...nothing, answer.problem.message]))
      }
      const { className, probability, isSure, probabilities } = answer.prediction
      terminal.print(csvLine([answer.file, className, probability, isSure, ...probabilities, '']))
    },
    end() {},
  }
}

/** The one document of `--json`. */
export function tellInJson({ terminal, model, classNames }: Setting): Teller {
  const results: object[] = []
  return {
    tell(answer, explained) {
      const { file } = answer
      if (answer.type === 'refused') {
        results.push({ file, problem: answer.problem.parts })
        return
      }
      const { kind, isInverted, box } = answer.prepared
      const explanation = explained && { explanation: explainedDocument(explained) }
      results.push({ file, ...answer.prediction, seen: { kind, isInverted, box }, ...explanation })
    },
    end: () => terminal.document({ model, classNames, results }),
  }
}
