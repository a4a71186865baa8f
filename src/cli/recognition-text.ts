import type { Prediction } from '../recognition/prediction.ts'
import type { RecognizedFile } from '../recognition/recognize-files.ts'
import { bar } from './terminal.ts'

const percent = (share: number) => `${(100 * share).toFixed(share > 0.9995 ? 0 : 1)} %`

/** Classes and their probabilities, the likeliest first. */
export function ranked({ probabilities }: Prediction, classNames: readonly string[]) {
  return classNames
    .map((name, i) => ({ name, probability: probabilities[i] }))
    .sort((a, b) => b.probability - a.probability)
}

/** What is said of one picture among many: file, class, probability, and what else it may be. */
export function recognitionRow(
  { file, prediction }: RecognizedFile,
  classNames: readonly string[],
): string[] {
  const [first, second] = ranked(prediction, classNames)
  return [
    file,
    prediction.isSure ? first.name : `not sure: ${first.name}?`,
    percent(first.probability),
    second === undefined || second.probability < 0.01 ? '' : `${second.name} ${percent(second.probability)}`,
  ]
}

/** Probabilities below this are left out. */
const LEAST = 0.01
const BAR = 24

/** What is said of one picture alone: a sentence, and the likeliest classes with bars. */
export function recognitionText(
  { file, prediction }: RecognizedFile,
  classNames: readonly string[],
  { bold, dim }: { bold(text: string): string; dim(text: string): string },
): string {
  const [first, ...others] = ranked(prediction, classNames)
  const said = `${bold(first.name)}, ${percent(first.probability)}`
  const shown = [first, ...others.filter(({ probability }) => probability >= LEAST)].slice(0, 5)
  const widest = Math.max(...shown.map(({ name }) => name.length))
  return [
    `${file}: ${prediction.isSure ? said : `not sure, perhaps ${said}`}`,
    ...shown.map(
      ({ name, probability }) =>
        `  ${name.padEnd(widest)}  ${dim(bar(probability, BAR))}  ${percent(probability)}`,
    ),
  ].join('\n')
}
