import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadClassifier, loadDataset, train } from 'atelier'

// One file holds all that prediction needs; every run leaves such a `weights.safetensors` in its directory.
const data = await loadDataset({ type: 'silhouettes', train: 3000, test: 500 })
const trained = await train({ model: 'cnn-small', data, epochs: 3 })
const file = join(await mkdtemp(join(tmpdir(), 'atelier-')), 'clothes.safetensors')
await trained.save(file)

// Elsewhere, later: bytes of one image as the network was trained on, 28·28 of gray.
const classifier = await loadClassifier(file)
for (const image of [0, 1, 2]) {
  const { className, probability } = classifier.predict(
    data.train.pixels.subarray(784 * image, 784 * (image + 1)),
  )
  const truth = data.classNames[data.train.labels[image]]
  console.log(`${truth}: ${className}, ${(100 * probability).toFixed(0)} %`)
}
classifier.close()
