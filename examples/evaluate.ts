import { loadDataset, train, wilson } from 'atelier'

const data = await loadDataset({ type: 'silhouettes', train: 3000, test: 500 })
const classifier = await train({ model: 'cnn-small', data, epochs: 4 })

// The test images are under seal until here.
const { accuracy, count, perClass } = classifier.evaluate(data)
const { low, high } = wilson(accuracy, count)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
console.log(`test: ${percent(accuracy)} (95 %: ${percent(low)} to ${percent(high)})`)
for (const { name, precision, recall } of perClass) {
  console.log(`${name}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`)
}
