import { z } from 'zod'
import { wasm } from '../../src/engine/wasm.ts'
import { type Explainer, openExplainer } from '../../src/evaluation/explanation/explain.ts'
import { heatmapBytes } from '../../src/evaluation/explanation/heatmap.ts'
import type { Engine } from '../../src/model/network.ts'
import { formFor } from '../../src/pictures/form.ts'
import type { Picture } from '../../src/pictures/picture.ts'
import { type Prepared, prepare } from '../../src/pictures/prepare.ts'
import { openRecognizer, type Recognition, type Recognizer } from '../../src/recognition/recognizer.ts'
import { type TrainedModel, trainedModel } from '../../src/recognition/trained-model.ts'
import { decodeModelFile } from '../../src/record/model-file.ts'
import { faultOf } from '../training/faults.ts'
import { decode } from './decode.ts'
import type { Command, Report } from './protocol.ts'

z.config({ jitless: true }) // the page's policy forbids code from text

const engine: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
const tell = (report: Report) => self.postMessage(report)

interface Eyes {
  readonly model: TrainedModel
  readonly recognizer: Recognizer
  readonly explainer: Explainer
}
let eyes: Eyes | undefined
let picture: Picture | undefined
let looks = 0
let last: { readonly prepared: Prepared; readonly recognition: Recognition } | undefined

function open(bytes: Uint8Array, at: string): void {
  eyes?.recognizer.close()
  eyes?.explainer.close()
  ;[eyes, last] = [undefined, undefined]
  const model = trainedModel(decodeModelFile(bytes, at), at)
  eyes = { model, recognizer: openRecognizer(model, engine), explainer: openExplainer(model, engine) }
  const { name, classNames, imageShape, source, threshold } = model
  const [height, width, channels] = imageShape
  tell({ type: 'model', summary: { name, classNames, height, width, channels, source, threshold } })
}

/** Looks at the picture that was given last. */
function look(): void {
  if (eyes === undefined || picture === undefined) return
  const prepared = prepare(picture, formFor(eyes.model))
  last = { prepared, recognition: eyes.recognizer.classify(prepared.pixels) }
  explain(last.recognition.label)
}

/** Decodes a picture and looks at it, unless another was given meanwhile: large ones take their time. */
async function lookAt(given: Blob | ImageBitmap): Promise<void> {
  const mine = ++looks
  const decoded = await decode(given).catch((error) => {
    if (mine === looks) throw error
  })
  if (decoded === undefined || mine !== looks) return
  picture = decoded
  look()
}

function explain(label: number): void {
  if (eyes === undefined || last === undefined) return
  const { prepared, recognition } = last
  const { gradCam, saliency } = eyes.explainer.explain(prepared.pixels, { label })
  const { pixels, isInverted } = prepared
  const heat = heatmapBytes(gradCam ?? saliency)
  tell({ type: 'seen', sight: { recognition, pixels, isInverted, heat, label, layer: gradCam?.layer } })
}

function handle(command: Command): void {
  const refuse = (error: unknown) => tell({ type: 'notSeen', fault: faultOf(error) })
  const attempt = (work: () => void) => {
    try {
      work()
    } catch (error) {
      refuse(error)
    }
  }
  switch (command.type) {
    case 'model':
      try {
        open(command.bytes, command.at)
      } catch (error) {
        tell({ type: 'noModel', fault: faultOf(error) })
        return
      }
      attempt(look)
      return
    case 'look':
      lookAt(command.picture).catch(refuse)
      return
    case 'explain':
      attempt(() => explain(command.label))
      return
    default:
      command satisfies never
  }
}

self.onmessage = ({ data }: MessageEvent<Command>) => handle(data)
