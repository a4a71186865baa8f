import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as at from 'atelier'

// One file holds all that recognition needs; every run leaves such a `weights.safetensors` in its directory.
const dataset = await at.loadDataset(at.parseSource('silhouettes:train=3000,test=10'))
const split = at.split(dataset.train, { validation: 0.2, seed: 1 })
const [model, engine] = [at.network('cnn-small'), at.chooseBackend()]
const run = at.train({ model, data: at.trainingData(dataset, split), engine, epochs: 3 })
const { weights } = await at.resultOf(run)
const file = join(await mkdtemp(join(tmpdir(), 'atelier-')), 'clothes.safetensors')
await writeFile(file, at.encodeModelFile(at.classifierOf({ model, weights, dataset, engine })))

// Elsewhere, later: bytes of one image as the network was trained on, 28·28 of gray.
const predictor = await at.load(file)
for (const image of split.validation.subarray(0, 3)) {
  const pixels = dataset.train.pixels.subarray(784 * image, 784 * (image + 1))
  const { className, probability } = predictor.predict(pixels)
  const truth = dataset.classNames[dataset.train.labels[image]]
  console.log(`${truth}: ${className}, ${(100 * probability).toFixed(0)} %`)
}
predictor.close()
