import * as at from 'atelier'

const data = await at.loadDataset({ type: 'silhouettes', train: 2000, test: 10 })

const { trials, best } = await at.search({
  space: at.defineSpace({
    name: 'width-and-rate',
    parameters: { width: at.logIntegers(8, 128), rate: at.logRange(1e-4, 1) },
  }),
  // What is searched is any function of a point. It may say after each step how it stands, and then be ended early.
  async objective({ width, rate }, trial) {
    const optimizer = { kind: 'sgd', learningRate: rate } as const
    const run = at.train({ model: at.mlp('one', [width]), data, optimizer, epochs: 3, signal: trial.signal })
    for await (const event of run) {
      if (event.type === 'epoch') await trial.report(event.epoch, event.valAccuracy)
    }
    return (await run).validation.accuracy
  },
  direction: 'maximize',
  sampler: 'tpe',
  pruner: { kind: 'asha', minimum: 1 },
  steps: 3,
  trials: 12,
})
console.log(`${trials.length} trials, ${trials.filter(({ state }) => state === 'pruned').length} ended early`)
console.log(`best: ${(100 * best!.value!).toFixed(1)} % with`, best!.point)
