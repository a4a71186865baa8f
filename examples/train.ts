import * as at from 'atelier'

const image = at.input([28, 28, 1])
const seen = at.maxPool2d({ pool: 2 })(at.conv2d({ filters: 16, activation: 'relu' })(image))
const said = at.dense({ units: 10, activation: 'softmax' })(at.flatten()(seen))

const run = at.train({
  model: at.model({ inputs: image, outputs: said }),
  data: await at.loadDataset('silhouettes'),
  optimizer: { kind: 'adam', learningRate: 0.002 },
  epochs: 3,
})
for await (const event of run) {
  if (event.type === 'epoch') console.log(`epoch ${event.epoch}: ${(100 * event.valAccuracy!).toFixed(1)} %`)
}
const { bestEpoch } = await run
console.log(`The weights of epoch ${bestEpoch} are kept.`)
