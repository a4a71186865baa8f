import * as at from 'atelier'

const dataset = await at.loadDataset(at.parseSource('silhouettes:train=3000,test=500'))
const split = at.split(dataset.train, { validation: 0.2, seed: 1 })
const [model, engine] = [at.network('cnn-small'), at.chooseBackend()]

// Training keeps the weights of the epoch that did best on validation.
const run = at.train({ model, data: at.trainingData(dataset, split), engine, epochs: 4 })
const { weights } = await at.resultOf(run)

// Nothing before this line can read the test split.
const { evaluation } = at.evaluateModel(at.classifierOf({ model, weights, dataset, engine }), dataset, engine)
const { low, high } = at.wilson(evaluation.accuracy, evaluation.count)
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
console.log(`test: ${percent(evaluation.accuracy)} (95 %: ${percent(low)} to ${percent(high)})`)
for (const { name, precision, recall } of evaluation.perClass) {
  console.log(`${name}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`)
}
