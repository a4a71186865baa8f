import { defineSearch, defineSpace, dense, dropout, input, logRange, model } from 'atelier'

const space = defineSpace({
  name: 'wide',
  parameters: { width: [64, 128, 256], rate: logRange(1e-3, 1e-1), drop: [0.1, 0.3] },
  constraints: [(point) => point.width < 256 || point.rate < 0.05],
})

export default defineSearch({
  space,
  // typed by the space: width is 64 | 128 | 256
  build({ width, rate, drop }, { imageShape, classes }) {
    const inputs = input([imageShape.reduce((a, b) => a * b, 1)])
    const hidden = dropout({ rate: drop })(dense({ units: width, activation: 'relu' })(inputs))
    const outputs = dense({ units: classes, activation: 'softmax' })(hidden)
    return { model: model({ inputs, outputs }), batch: 32, optimizer: { kind: 'sgd', learningRate: rate } }
  },
})
