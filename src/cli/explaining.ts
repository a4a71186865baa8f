import { basename, extname, join } from 'node:path'
import { makeDirectory } from '../base/directory.ts'
import { type Explanation, openExplainer } from '../evaluation/explanation/explain.ts'
import { drawExplained } from '../recognition/explained-picture.ts'
import { engineFor } from '../recognition/load.ts'
import type { Predictor } from '../recognition/predictor.ts'
import type { RecognizedFile } from '../recognition/recognize-files.ts'
import { overlaid, type SmallPicture } from '../recognition/small-picture.ts'
import { writeWhole } from '../record/files.ts'
import { percent } from '../visualization/format.ts'
import { sideBySide } from './picture-text.ts'

/** Why a picture was recognized as what it was. */
export interface Explained {
  readonly seen: SmallPicture
  readonly explanation: Explanation
  /** The drawing, where one was asked for. */
  readonly drawing: string | undefined
}

/** Explains pictures one after the other, and draws each into a directory where one is named. */
export async function openExplaining({ model, form }: Predictor, out: string | undefined) {
  if (out !== undefined) await makeDirectory(out)
  const explainer = openExplainer(model, { ...engineFor(model), threads: 1 })
  const taken = new Set<string>()

  /** A name in the directory that no other picture has. */
  const place = (directory: string, file: string) => {
    const name = basename(file, extname(file))
    let path = join(directory, `${name}.svg`)
    for (let i = 2; taken.has(path); i++) path = join(directory, `${name}-${i}.svg`)
    taken.add(path)
    return path
  }

  return {
    async explain({ file, prediction, picture, prepared }: RecognizedFile): Promise<Explained> {
      const { className, probability, isSure, label } = prediction
      const { width, height, channels } = form
      const explanation = explainer.explain(prepared.pixels, { label })
      const seen = { width, height, channels, pixels: prepared.pixels }
      const said = `${isSure ? '' : 'not sure, perhaps '}${className}, ${percent(probability)}`
      const drawing = out === undefined ? undefined : place(out, file)
      if (drawing !== undefined) {
        const about = { file: basename(file), said, picture, prepared, form, seen, explanation }
        await writeWhole(drawing, await drawExplained(about), { flush: false })
      }
      return { seen, explanation, drawing }
    },
    close: () => explainer.close(),
  }
}

/** An explanation for a terminal: what the network saw, and beside it where it looked. */
export function explainedText({ seen, explanation, drawing }: Explained, colored: boolean): string {
  const { gradCam, saliency } = explanation
  const map = gradCam ?? saliency
  const looked = colored ? overlaid(seen, map) : grayOf(map)
  const panels = [
    { title: 'what it saw', ...seen },
    { title: `where it looked (${gradCam ? 'Grad-CAM' : 'gradient'})`, ...looked },
  ]
  const picture = sideBySide(panels, colored)
  return drawing === undefined ? picture : `${picture}\n  Drawn: ${drawing}`
}

function grayOf({ width, height, values }: Explanation['saliency']): SmallPicture {
  const largest = Math.max(...values) || 1
  return { width, height, channels: 1, pixels: Uint8Array.from(values, (value) => (255 * value) / largest) }
}

/** An explanation as `--json` tells it. */
export function explainedDocument({ seen, explanation, drawing }: Explained) {
  const { gradCam, saliency } = explanation
  const { width, height, values } = gradCam ?? saliency
  return {
    /** Base64 of the bytes that the network was given. */
    pixels: Buffer.from(seen.pixels).toString('base64'),
    method: gradCam ? 'grad-cam' : 'gradient',
    layer: gradCam?.layer ?? null,
    map: Array.from({ length: height }, (_, y) => [...values.subarray(y * width, (y + 1) * width)]),
    drawing: drawing ?? null,
  }
}
