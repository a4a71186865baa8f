import { z } from 'zod'
import type { Engine } from '../../src/engine/backend.ts'
import { wasm } from '../../src/engine/wasm.ts'
import { type Explainer, openExplainer } from '../../src/evaluation/explanation/explain.ts'
import { heatmapBytes } from '../../src/evaluation/explanation/heatmap.ts'
import { describeForm } from '../../src/pictures/form.ts'
import { type Prepared, prepare } from '../../src/pictures/prepare.ts'
import type { Prediction } from '../../src/recognition/prediction.ts'
import { openPredictor, type Predictor } from '../../src/recognition/predictor.ts'
import { trainedModel } from '../../src/recognition/trained-model.ts'
import { decodeModelFile } from '../../src/record/model-file.ts'
import { faultOf } from '../base/fault.ts'
import { decode } from './decode.ts'
import type { Command, Report } from './protocol.ts'

z.config({ jitless: true }) // the page's policy forbids code from text

const engine: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
const tell = (report: Report) => self.postMessage(report)

interface Opened {
  readonly predictor: Predictor
  readonly explainer: Explainer
}
let opened: Opened | undefined
/** The picture that was given last: another network may want it at another size. */
let given: Blob | ImageBitmap | undefined
/** Counts what is predicted: one whose decoding ends after a newer picture or network came is passed over. */
let asked = 0
let last: { readonly prepared: Prepared; readonly prediction: Prediction } | undefined

function open(bytes: Uint8Array, at: string): void {
  opened?.predictor.close()
  opened?.explainer.close()
  ;[opened, last] = [undefined, undefined]
  asked += 1
  const model = trainedModel(decodeModelFile(bytes, at), at)
  opened = { predictor: openPredictor(model, engine), explainer: openExplainer(model, engine) }
  const { name, classNames, imageShape, source, threshold, form } = model
  const [height, width, channels] = imageShape
  const summary = { name, classNames, height, width, channels, source, threshold }
  tell({ type: 'opened', summary: { ...summary, form: describeForm(form) } })
}

/** Decodes the picture that was given last and says what is in it, unless another comes meanwhile: large ones take their time. */
async function predict(): Promise<void> {
  if (opened === undefined || given === undefined) return
  asked += 1
  const mine = asked
  const { predictor } = opened
  const picture = await decode(given, predictor.form).catch((error) => {
    if (mine === asked) throw error
  })
  if (picture === undefined || mine !== asked) return
  const prepared = prepare(picture, predictor.form)
  last = { prepared, prediction: predictor.predict(prepared.pixels) }
  explain(last.prediction.label)
}

function take(picture: Blob | ImageBitmap): Promise<void> {
  if (given instanceof ImageBitmap) given.close()
  given = picture
  return predict()
}

function explain(label: number): void {
  if (opened === undefined || last === undefined) return
  const { prepared, prediction } = last
  const { gradCam, saliency } = opened.explainer.explain(prepared.pixels, { label })
  const { pixels, isInverted } = prepared
  const heat = heatmapBytes(gradCam ?? saliency)
  const explained = { prediction, pixels, isInverted, heat, label, layer: gradCam?.layer }
  tell({ type: 'predicted', explained })
}

/** Works, and tells what goes wrong as a report of this type. */
function attempt(failed: 'openFailed' | 'predictFailed', work: () => void | Promise<void>): void {
  const refuse = (error: unknown) => tell({ type: failed, fault: faultOf(error) })
  try {
    void work()?.catch(refuse)
  } catch (error) {
    refuse(error)
  }
}

function handle(command: Command): void {
  switch (command.type) {
    case 'open':
      attempt('openFailed', () => open(command.bytes, command.at))
      attempt('predictFailed', predict)
      return
    case 'predict':
      attempt('predictFailed', () => take(command.picture))
      return
    case 'explain':
      attempt('predictFailed', () => explain(command.label))
      return
    default:
      command satisfies never
  }
}

self.onmessage = ({ data }: MessageEvent<Command>) => handle(data)
