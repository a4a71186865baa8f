import { shellQuoted } from '../base/shell.ts'
import { wilson } from '../base/statistics/shares.ts'
import { summaryTable } from '../model/summary.ts'
import { describeForm } from '../pictures/form.ts'
import { describeRecipe } from '../recipe/describe.ts'
import { trainedModel } from '../recognition/trained-model.ts'
import type { EvaluationRecord } from '../record/evaluation.ts'
import type { Manifest } from '../record/manifest.ts'
import type { ModelFile } from '../record/model-file.ts'
import { hashWeights } from '../record/weights.ts'
import type { RunRecord } from '../runs/run.ts'
import { summarize } from '../runs/summarize.ts'
import { counted, decimal, duration, integer, percent } from '../visualization/format.ts'
import { column, escapeMarkdown, markdownCode, type Table, tableMarkdown } from '../visualization/table.ts'

/** What a model card is written from; without an evaluation it says that there was none. */
export interface CardSource {
  readonly model: ModelFile
  readonly run: RunRecord
  readonly test: EvaluationRecord | undefined
}

/**
 * A model card (Mitchell et al., "Model cards for model reporting", 2019) in Markdown, with the front matter that the
 * Hugging Face Hub reads: data, training, figures with their intervals, limits, and the line that repeats it all.
 */
export function modelCard(source: CardSource): string {
  const { manifest } = source.run
  const parts = [
    frontMatter(source),
    `# ${escapeMarkdown(manifest.name)}`,
    introduction(source),
    '## Figures',
    ...figures(source),
    '## Limits',
    limits(source),
    '## Use',
    use(manifest),
    '## Network',
    fenced(summaryTable(manifest.model)),
    '## Data',
    factTable(dataFacts(source)),
    '## Training',
    factTable(trainingFacts(source)),
    '## To repeat it',
    repetition(source),
  ]
  return `${parts.join('\n\n')}\n`
}

const fenced = (text: string, language = 'text') => `\`\`\`${language}\n${text}\n\`\`\``

/** YAML takes JSON's texts and numbers as they are. */
function frontMatter({ run: { manifest }, test }: CardSource): string {
  const { name, data } = manifest
  const results = test && [
    '    results:',
    '      - task: { type: image-classification }',
    `        dataset: { name: ${JSON.stringify(data.title)}, type: ${JSON.stringify(data.source)}, split: test }`,
    '        metrics:',
    `          - { type: accuracy, value: ${test.accuracy} }`,
    `          - { type: loss, value: ${test.loss} }`,
  ]
  return [
    '---',
    'library_name: atelier',
    'pipeline_tag: image-classification',
    'tags: [image-classification, atelier]',
    'metrics: [accuracy]',
    'model-index:',
    `  - name: ${JSON.stringify(name)}`,
    ...(results ?? ['    results: []']),
    '---',
  ].join('\n')
}

function introduction({ run: { manifest } }: CardSource): string {
  const { model, parameters, data } = manifest
  const size = `${data.height}×${data.width}×${data.channels}`
  return [
    `The network ${markdownCode(model.name)} (${integer(parameters)} parameters) looks at an image of ${size} bytes and tells`,
    `${data.classNames.length} classes apart: ${data.classNames.map(escapeMarkdown).join(', ')}.`,
    `It was trained on ${escapeMarkdown(data.title)}.`,
  ].join(' ')
}

function figures({ run, test }: CardSource): string[] {
  const { accuracy = null, loss = null } = summarize(run.events).validation ?? {}
  const { validation } = run.manifest.data.split.counts
  const rows = [figureRow('validation', accuracy, loss, validation)]
  if (test !== undefined) rows.push(figureRow('test', test.accuracy, test.loss, test.count))
  const table: Table = {
    columns: [
      column.text('Split'),
      column.number('Accuracy', { type: 'percent', digits: 2 }),
      column.number('95 % interval (Wilson)', { type: 'text' }),
      column.number('Loss', { type: 'decimal', digits: 4 }),
      column.number('Images', { type: 'integer' }),
    ],
    rows,
  }
  if (test === undefined) {
    const line = markdownCode(`atelier evaluate ${shellQuoted(run.directory)}`)
    return [tableMarkdown(table), `It was not evaluated on the test split (${line}).`]
  }
  const chosen =
    'Validation chose the epoch that was kept, so its figures flatter; the test split was opened at the end.'
  return [
    tableMarkdown(table),
    chosen,
    classTable(test),
    'Rows are the truth, columns what was said:',
    confusion(test),
  ]
}

function figureRow(split: string, accuracy: number | null, loss: number | null, count: number) {
  const { low, high } = wilson(accuracy ?? 0, count)
  return [split, accuracy, accuracy === null ? null : `${percent(low, 2)} – ${percent(high, 2)}`, loss, count]
}

function classTable({ perClass }: EvaluationRecord): string {
  const share = (title: string) => column.number(title, { type: 'decimal', digits: 3 })
  const images = column.number('Images', { type: 'integer' })
  return tableMarkdown({
    columns: [column.text('Class'), share('Precision'), share('Recall'), share('F1'), images],
    rows: perClass.map(({ name, precision, recall, f1, support }) => [name, precision, recall, f1, support]),
  })
}

function confusion({ perClass, confusion: matrix }: EvaluationRecord): string {
  return tableMarkdown({
    columns: [column.text(''), ...perClass.map(({ name }) => column.number(name, { type: 'integer' }))],
    rows: perClass.map(({ name }, i) => [name, ...matrix[i]]),
  })
}

function limits({ model, test }: CardSource): string {
  const { threshold, temperature } = trainedModel(model, model.name)
  const weakest = test && [...test.perClass].sort((a, b) => a.recall - b.recall)[0]
  const sentences = [
    'The figures hold for images that come from where its data came from and were prepared alike; of others they say nothing.',
    'It names one of its classes for any image whatever, also for one of none of them.',
    weakest === undefined
      ? ''
      : `It knows ${escapeMarkdown(weakest.name)} worst: ${percent(weakest.recall, 1)} of them are found.`,
    temperature === 1
      ? 'Its probabilities were not calibrated.'
      : `Its probabilities were calibrated on validation by the temperature ${decimal(temperature, 3)}.`,
    threshold === 0 ? '' : `Below a probability of ${decimal(threshold, 3)} it says that it is not sure.`,
    honesty(test),
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

/** What calibration and the threshold do on the test images. */
function honesty(test: EvaluationRecord | undefined): string {
  if (test?.calibration === undefined) return ''
  const { before, after, aboveThreshold: sure } = test.calibration.test
  return [
    `On the test images the expected calibration error is ${percent(after.expectedCalibrationError, 2)} (${percent(before.expectedCalibrationError, 2)} before);`,
    `it is sure of ${percent(sure.coverage, 1)} of them, and right in ${percent(sure.accuracy, 1)} of those.`,
  ].join(' ')
}

function use({ settings }: Manifest): string {
  const { scale, shift } = settings.preprocessing
  const code = [
    "import { loadClassifier } from 'atelier'",
    '',
    "const classifier = await loadClassifier('weights.safetensors')",
    "await classifier.predictFile('photo.jpg') // className, probability, isSure…",
  ]
  const note = `The file prepares the bytes itself (byte × ${scale} + ${shift}). Other libraries: ${markdownCode('atelier export RUN --format onnx')}.`
  return `${fenced(code.join('\n'), 'ts')}\n\n${note}`
}

type Fact = readonly [name: string, value: string | number]

const factTable = (facts: readonly Fact[]) =>
  tableMarkdown({ columns: [column.text('What'), column.text('Value')], rows: facts })

function dataFacts({ model, run }: CardSource): Fact[] {
  const { title, source, hash, split } = run.manifest.data
  const { train, validation, test } = split.counts
  return [
    ['Data', `${title} (${source})`],
    [
      'Images',
      `${integer(train)} for training, ${integer(validation)} for validation, ${integer(test)} for testing`,
    ],
    ['Pictures', describeForm(trainedModel(model, model.name).form)],
    ['Split', `stratified, seed ${split.seed}`],
    ['Content (SHA-256)', hash],
    ['Split (SHA-256)', split.hash],
  ]
}

function trainingFacts({ run }: CardSource): Fact[] {
  const { settings, engine, environment } = run.manifest
  const { status, epoch, best, seconds, imagesPerSecond = 0 } = summarize(run.events)
  const outcome: Fact[] =
    status !== 'finished'
      ? [['ended', 'no: the run was interrupted or failed']]
      : [
          ['epochs trained', `${counted(epoch, 'epoch')}, the best of them ${best?.epoch}`],
          ['time', `${duration(seconds)}, ${integer(imagesPerSecond)} images a second`],
        ]
  return [
    ...describeRecipe(settings).map(({ label, text }): Fact => [label, text]),
    ...outcome,
    [
      'engine',
      `${engine.backend} (${engine.variant}), ${engine.arithmetic}, ${counted(engine.threads, 'thread')}`,
    ],
    ['machine', `${environment.cpu}, ${environment.platform}, Node ${environment.node}`],
    [
      'Atelier',
      environment.gitRevision
        ? `${environment.atelier} (${environment.gitRevision.slice(0, 12)})`
        : environment.atelier,
    ],
  ]
}

function repetition({ model, run }: CardSource): string {
  const { command, engine, createdAt } = run.manifest
  return [
    fenced(command, 'sh'),
    `With the same data and ${engine.arithmetic} arithmetic this ends in the same weights to the last bit, whatever the`,
    `machine and the number of threads. Their SHA-256: ${markdownCode(hashWeights(model.tensors))}.`,
    `Trained ${createdAt}; ${markdownCode(`atelier verify ${shellQuoted(run.directory)}`)} trains again and compares.`,
  ].join('\n')
}
