import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { packageVersion } from '../record/environment.ts'
import type { EvaluationRecord } from '../record/evaluation.ts'
import { encodeModelFile, type ModelFile } from '../record/model-file.ts'
import { hashWeights } from '../record/weights.ts'
import { type RunRecord, readModelFile, readRun, readTest, readWeights } from '../runs/run.ts'
import { modelCard } from './card.ts'
import { encodeModule } from './module/export.ts'
import { encodeOnnx } from './onnx/export.ts'

/** A classifier that is to be written in another form; `run` is what a run's directory tells besides. */
export interface ExportSource {
  readonly path: string
  readonly model: ModelFile
  readonly run: { readonly record: RunRecord; readonly test: EvaluationRecord | undefined } | undefined
}

interface Format {
  /** What it is, as the command says it. */
  readonly title: string
  readonly extension: string
  encode(source: ExportSource): Uint8Array | string
}

function card({ path, model, run }: ExportSource): string {
  if (run !== undefined) return modelCard({ model, run: run.record, test: run.test })
  throw new InputError({
    at: path,
    expected: 'the directory of a run',
    received: 'a weights file',
    hint: 'A card tells how the network was trained, which its weights alone do not.',
  })
}

function safetensors({ model }: ExportSource): Uint8Array {
  const own = { weightsHash: hashWeights(model.tensors), atelierVersion: packageVersion() }
  return encodeModelFile({ ...model, metadata: { ...model.metadata, ...own } })
}

/** What a classifier can be written as. A new form is a row. */
export const formats = {
  onnx: { title: 'ONNX', extension: '.onnx', encode: ({ model }) => encodeOnnx(model) },
  safetensors: { title: 'safetensors', extension: '.safetensors', encode: safetensors },
  card: { title: 'model card', extension: '.md', encode: card },
  module: { title: 'ES module', extension: '.mjs', encode: ({ model }) => encodeModule(model) },
} as const satisfies Record<string, Format>
/** The forms that a classifier can be written in. */
export type FormatName = keyof typeof formats

/** Reads what is to be exported: a run's directory or a weights file. */
export async function readExportSource(path: string): Promise<ExportSource> {
  const isRun = (await stat(path).catch(() => undefined))?.isDirectory() === true
  if (!isRun) return { path, model: await readModelFile(path), run: undefined }
  const record = await readRun(path)
  return { path, model: await readWeights(record), run: { record, test: await readTest(record) } }
}
