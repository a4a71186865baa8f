import { loadDataset, train } from 'atelier'

const data = await loadDataset('silhouettes') // or 'fashion-mnist', or 'folder:photos'
const classifier = await train({
  model: 'cnn-small',
  data,
  validation: 0.2,
  epochs: 4,
  earlyStopping: { patience: 3 },
})
console.log(`${(100 * classifier.evaluate(data).accuracy).toFixed(1)} % of the test images are right`)
