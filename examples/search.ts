import * as at from 'atelier'

const dataset = await at.loadDataset(at.parseSource('silhouettes:train=2000,test=10'))
const data = at.trainingData(dataset, at.split(dataset.train, { validation: 0.2, seed: 1 }))
const engine = at.chooseBackend()

const space = at.openSpace(
  at.defineSpace({
    name: 'width-and-rate',
    parameters: { width: at.logIntegers(8, 128), rate: at.logRange(1e-4, 1) },
  }),
)

// What is searched is any function of a point. It says after each step how it stands, and may be told to end early.
const objective: at.Objective = async ({ width, rate }, { report }) => {
  const optimizer: at.OptimizerInput = { kind: 'sgd', learningRate: Number(rate) }
  const run = at.train({ model: at.mlp('one', [Number(width)]), data, engine, optimizer, epochs: 3 })
  let value = 0
  for await (const event of run) {
    if (event.type !== 'epoch') continue
    value = event.valAccuracy ?? 0
    if ((await report(event.epoch, value)) === 'prune') return { type: 'pruned', attributes: {} }
  }
  return { type: 'complete', value, attributes: {} }
}

const { trials, best } = await at.resultOf(
  at.search({
    space,
    sampler: at.samplers.tpe({ space, seed: 1 }),
    pruner: at.openPruner(at.parsePruner('asha'), { seed: 1, steps: 3 }),
    direction: 'maximize',
    journal: at.memoryJournal(space),
    pool: at.inProcessPool(objective),
    limits: { trials: 12 },
  }),
)
console.log(`${trials.length} trials, ${trials.filter(({ state }) => state === 'pruned').length} ended early`)
console.log(`best: ${(100 * best!.value!).toFixed(1)} % with`, best!.point)
