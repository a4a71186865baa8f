import * as at from 'atelier'

const dataset = await at.loadDataset(at.parseSource('silhouettes'))
const split = at.split(dataset.train, { validation: 0.2, seed: 1 })

const image = at.input([28, 28, 1])
const seen = at.maxPool2d({ pool: 2 })(at.conv2d({ filters: 16, activation: 'relu' })(image))
const said = at.dense({ units: 10, activation: 'softmax' })(at.flatten()(seen))

const run = at.train({
  model: at.model({ inputs: image, outputs: said }),
  data: at.trainingData(dataset, split),
  engine: at.chooseBackend(),
  optimizer: { kind: 'adam', learningRate: 0.002 },
  epochs: 3,
})
for await (const event of run) {
  if (event.type === 'epoch') console.log(`epoch ${event.epoch}: ${(100 * event.valAccuracy!).toFixed(1)} %`)
}
